"""A Spark of the tests' own; without PySpark or Java these tests are left out, and it is said why."""

import shutil

import pytest


@pytest.fixture(scope="session")
def spark():
    pyspark = pytest.importorskip("pyspark", reason='PySpark is not installed: pip install "dxrules[spark]"')
    assert shutil.which("java"), "PySpark needs Java 17, and there is no `java` here"
    from pyspark.sql import SparkSession

    assert pyspark.__version__
    builder = SparkSession.builder.master("local[2]").appName("dxrules tests")
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.codegen.wholeStage": "false",  # compiling Java for a dozen rows takes longer than they do
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.python.worker.reuse": "true",
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
