"""Photochrom over HTTP: an API for programs, and the website at `/`."""
