"""A real company's two years, entered again through the gateway as its people would have entered them."""
