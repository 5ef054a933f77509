"""What the pages of the web server show: values in the reader's words."""
