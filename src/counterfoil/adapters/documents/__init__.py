"""Documents: what people open. Written with XlsxWriter, read with calamine; nothing here decides."""
