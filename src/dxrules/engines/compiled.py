from dxrules.engines.reference import ReferenceEngine as CompiledEngine
