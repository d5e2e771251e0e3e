"""Photographs that lie on the GPU as uint8, cut and made old there."""
