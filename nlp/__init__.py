"""Intent tags for customers' messages in Vietnamese and English; start reading at README.md."""
