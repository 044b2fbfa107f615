"""A fleet on Spark: cards from Parquet, decided with the accounts that they add up to, back to Parquet.

It runs here on two threads, and unchanged on a cluster, where a session is there already:

    python examples/spark_fleet.py
    spark-submit --master yarn examples/spark_fleet.py hdfs:///cards hdfs:///decisions
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import dxrules


def main() -> None:
    """Decide the cards of a folder of Parquet files, or made-up ones."""
    java = java_version()
    if java is None or java < 17:
        found = "none was found" if java is None else f"this is Java {java}"
        sys.exit(f"PySpark needs Java 17 or later, and {found}: install it, or set JAVA_HOME to where it is")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("dxrules fleet")
    if "SPARK_ENV_LOADED" not in os.environ:  # spark-submit sets it, and the master with it
        builder = builder.master("local[2]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", "2")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        with tempfile.TemporaryDirectory() as folder:
            source = sys.argv[1] if len(sys.argv) > 1 else made_up(spark, Path(folder) / "cards")
            target = sys.argv[2] if len(sys.argv) > 2 else str(Path(folder) / "decisions")
            decide(spark, source, target)
    finally:
        spark.stop()


def decide(spark, source, target):  # noqa: ANN001, ANN201  # the types are PySpark's, which need not be installed
    """Read, decide, write, and show a few rows."""
    cards = spark.read.parquet(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dxrules.FactWarning)  # the made-up cards have few of the facts
        fleet = dxrules.evaluate_fleet_frame(cards)
    plan = fleet.cards._jdf.queryExecution().toString()  # noqa: SLF001  # the plan as `explain` prints it
    print(f"Python in the plan: {'yes' if re.search('python|udf', plan, re.IGNORECASE) else 'no'}")
    fleet.cards.write.mode("overwrite").parquet(f"{target}/cards")
    fleet.accounts.write.mode("overwrite").parquet(f"{target}/accounts")

    decided = spark.read.parquet(f"{target}/cards")
    print(f"cards: {decided.count()}, wrong rows among them: {decided.filter('dx_invalid IS NOT NULL').count()}")
    accounts = spark.read.parquet(f"{target}/accounts").orderBy("account_id")
    for row in accounts.select("account_id", "live_cards", "cards_with_arrears", "dx_codes").limit(4).collect():
        print(
            f"{row.account_id}: live cards {row.live_cards}, in arrears {row.cards_with_arrears}: {row.dx_codes or '-'}"
        )


def made_up(spark, folder):  # noqa: ANN001, ANN201  # as above
    """A folder of made-up cards."""
    cards = spark.range(1000).selectExpr(
        "concat('c-', id) AS card_id",
        "concat('account-', id % 4) AS account_id",
        "CASE WHEN id % 5 = 0 THEN 'cancelled' ELSE 'active' END AS status",
        "element_at(array('cmcc', 'cucc', 'ctcc'), CAST(id % 3 + 1 AS INT)) AS operator",
        "CASE WHEN id = 7 THEN 'entreprise' ELSE 'enterprise' END AS holder_type",  # one row is wrong
        "CASE WHEN id % 4 = 1 THEN NULL ELSE IF(id % 50 = 0, 3520, 0) END AS arrears_fen",
        "id % 300 AS last_used_days",
        "1900 AS monthly_fee_fen",
        "id = 12 AS lost",
    )
    cards.write.parquet(str(folder))
    return str(folder)


def java_version() -> int | None:
    """The version of the Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not shutil.which(java):
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    match = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(match.group(1)) if match else None


if __name__ == "__main__":
    main()
