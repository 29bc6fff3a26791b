package org.sab4j.data.fetch;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sab4j.data.fetch.Archive.Packing;

/**
 * The data sets of the paper's tasks. Each has a folder of its own name.
 *
 * @param name the folder, and the name on the command line
 * @param title what it is
 * @param licence what is known of the terms under which it may be used; they are its authors', not ours
 * @param archives what to download
 */
public record KnownData(String name, String title, String licence, List<Archive> archives) {

    /** MNIST, CIFAR-10, Penn Treebank and text8. */
    public static final List<KnownData> ALL = List.of(mnist(), cifar10(), ptb(), text8());

    private static KnownData mnist() {
        return new KnownData(
                "mnist",
                "70,000 images of hand-written digits (LeCun, Cortes, Burges)",
                "its page states none; free for research by long use",
                List.of(
                        idx(
                                "train-images-idx3-ubyte.gz",
                                9_912_422,
                                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                        idx(
                                "train-labels-idx1-ubyte.gz",
                                28_881,
                                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                        idx(
                                "t10k-images-idx3-ubyte.gz",
                                1_648_877,
                                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                        idx(
                                "t10k-labels-idx1-ubyte.gz",
                                4_542,
                                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")));
    }

    private static Archive idx(String file, long bytes, String sha256) {
        return new Archive(
                homes(
                        "http://yann.lecun.com/exdb/mnist/" + file,
                        "https://ossci-datasets.s3.amazonaws.com/mnist/" + file),
                Packing.NONE,
                List.of(file(file, bytes, sha256)));
    }

    private static KnownData cifar10() {
        String folder = "cifar-10-batches-bin/";
        long bytes = 30_730_000;
        return new KnownData(
                "cifar10",
                "60,000 small colour images of ten kinds (Krizhevsky), binary version",
                "its page states none; asks to cite Krizhevsky 2009",
                List.of(new Archive(
                        homes("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                        Packing.TAR_GZ,
                        List.of(
                                file(
                                        folder + "data_batch_1.bin",
                                        bytes,
                                        "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                                file(
                                        folder + "data_batch_2.bin",
                                        bytes,
                                        "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                                file(
                                        folder + "data_batch_3.bin",
                                        bytes,
                                        "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                                file(
                                        folder + "data_batch_4.bin",
                                        bytes,
                                        "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                                file(
                                        folder + "data_batch_5.bin",
                                        bytes,
                                        "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                                file(
                                        folder + "test_batch.bin",
                                        bytes,
                                        "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")))));
    }

    private static KnownData ptb() {
        return new KnownData(
                "ptb",
                "Penn Treebank, Wall Street Journal, as words (Mikolov's preprocessing)",
                "the text is the Linguistic Data Consortium's (LDC99T42): see its user agreement",
                List.of(new Archive(
                        homes("http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz"),
                        Packing.TAR_GZ,
                        List.of(
                                file(
                                        "ptb.train.txt",
                                        5_101_618,
                                        "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf"),
                                file(
                                        "ptb.valid.txt",
                                        399_782,
                                        "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2"),
                                file(
                                        "ptb.test.txt",
                                        449_945,
                                        "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0")))));
    }

    /** Its SHA-256 could not be computed from the whole file by whoever wrote this; its CRC-32 is the published one. */
    private static KnownData text8() {
        return new KnownData(
                "text8",
                "100 million characters of the English Wikipedia of 2006, a-z and space (Mahoney)",
                "Wikipedia's: GNU Free Documentation License",
                List.of(new Archive(
                        homes("http://mattmahoney.net/dc/text8.zip"),
                        Packing.ZIP,
                        List.of(new KnownFile("text8", 100_000_000, new CheckSum.Crc32("7d6be66f"))))));
    }

    private static List<URI> homes(String... homes) {
        return Arrays.stream(homes).map(URI::create).toList();
    }

    private static KnownFile file(String path, long bytes, String sha256) {
        return new KnownFile(path, bytes, new CheckSum.Sha256(sha256));
    }

    /** All its files. */
    public Stream<KnownFile> files() {
        return archives.stream().flatMap(archive -> archive.files().stream());
    }

    /** The bytes of all its files. */
    public long bytes() {
        return files().mapToLong(KnownFile::bytes).sum();
    }

    /** Its size as people read it. */
    public String size() {
        return String.format(Locale.ROOT, "%.1f MB", bytes() / 1e6);
    }
}
