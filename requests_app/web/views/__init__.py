"""The pages of requests and of what fulfils them."""
