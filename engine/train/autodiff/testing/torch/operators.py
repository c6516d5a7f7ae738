"""What ONNX's operators are in PyTorch: functions of the inputs and attributes, which give the list of outputs."""
import operators_indexing
import operators_matrix
import operators_resize

operators = {**operators_indexing.operators, **operators_matrix.operators, **operators_resize.operators}
