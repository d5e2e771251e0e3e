// Reads in.ppm and writes out.jpg with Go's own encoder.
package main

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
)

func main() {
	in, _ := os.Open("in.ppm")
	read := bufio.NewReader(in)
	var width, height, most int
	fmt.Fscanf(read, "P6\n%d %d\n%d\n", &width, &height, &most)
	raw, _ := io.ReadAll(read)
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := 0; i < width*height; i++ {
		rgb := raw[3*i : 3*i+3]
		picture.Set(i%width, i/width, color.RGBA{rgb[0], rgb[1], rgb[2], 255})
	}
	out, _ := os.Create("out.jpg")
	defer out.Close()
	jpeg.Encode(out, picture, &jpeg.Options{Quality: 82})
}
