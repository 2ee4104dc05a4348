"""Views by who looks. Thin: they read the request, call one function and choose a template."""
