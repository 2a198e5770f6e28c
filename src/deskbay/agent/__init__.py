"""The small program on a device: it reports what is used there and brings sessions back."""
