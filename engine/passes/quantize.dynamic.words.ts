export const words = {
  convSlower:
    "ConvInteger is slower than the float32 Conv; static quantisation is the technique for convolutions",
  lstmLayout: "LSTM with layout 1 has no quantised kernel",
  attentionWith: "Attention with {what} has no quantised kernel",
} as const;
