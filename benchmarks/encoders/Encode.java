// Reads in.ppm, 59 × 45 px, and writes out.jpg with Java's own encoder.
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

public class Encode {
    public static void main(String[] arguments) throws Exception {
        int width = 59, height = 45;
        byte[] raw = Files.readAllBytes(Path.of("in.ppm"));
        int start = raw.length - 3 * width * height;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int red = raw[start + 3 * i] & 255, green = raw[start + 3 * i + 1] & 255;
            int blue = raw[start + 3 * i + 2] & 255;
            picture.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
        }
        ImageIO.write(picture, "jpg", new File("out.jpg"));
    }
}
