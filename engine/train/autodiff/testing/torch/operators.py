"""What ONNX's operators are in PyTorch: functions of the inputs and attributes, which give the list of outputs."""
import operators_convolution
import operators_indexing
import operators_matrix
import operators_normalization
import operators_pooling
import operators_recurrent
import operators_resize

operators = {
    **operators_convolution.operators,
    **operators_indexing.operators,
    **operators_matrix.operators,
    **operators_normalization.operators,
    **operators_pooling.operators,
    **operators_recurrent.operators,
    **operators_resize.operators,
}
