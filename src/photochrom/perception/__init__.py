"""What pretrained networks see in a picture: features, and LPIPS, the distance between them."""
