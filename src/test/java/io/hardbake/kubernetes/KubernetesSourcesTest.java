package io.hardbake.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.LyingMirror;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesRequest.Choice;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.kubernetes.build.SourceIdentity;
import io.hardbake.progress.RecordingProgress;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class KubernetesSourcesTest {
  private static final KubernetesVersion VERSION = KubernetesVersion.of("v1.18.6");
  private static final String PATH = "/v1.18.6/kubernetes-server-linux-amd64.tar.gz";
  private static final KubernetesRequest REQUEST = Fakes.request(VERSION, Architecture.AMD64);

  @TempDir Path directory;
  private final RecordingProgress progress = new RecordingProgress();
  private final AtomicInteger compilations = new AtomicInteger();
  private Store store;
  private LyingMirror host;

  @BeforeEach
  void start() throws IOException {
    store = Store.open(directory.resolve("store"));
    host = new LyingMirror();
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @ParameterizedTest
  @EnumSource
  void takesTheFourOutOfTheReleasesTarball(Architecture architecture) throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(architecture));
    host.serve(
        "/v1.18.6/kubernetes-server-linux-" + architecture + ".tar.gz",
        LyingMirror.honest(tarball));
    KubernetesSources sources = sources(Fakes.pins(VERSION, architecture, tarball), host.at("/"));

    KubernetesBinaries binaries = sources.obtain(Fakes.request(VERSION, architecture));

    assertEquals(VERSION, binaries.version());
    assertEquals(architecture, binaries.architecture());
    assertEquals(Choice.RELEASE, binaries.source());
    assertEquals("official release v1.18.6", binaries.origin());
    assertEquals(
        Map.of(
            "v1.18.6/kubernetes-server-linux-" + architecture + ".tar.gz",
            "sha512:" + Sha512.of(tarball)),
        binaries.inputs());
    for (Map.Entry<String, byte[]> expected : Fakes.binaries(architecture).entrySet()) {
      Content content = requireNonNull(binaries.binaries().get(expected.getKey()));
      assertArrayEquals(expected.getValue(), content.bytes());
      assertEquals(Sha256.of(expected.getValue()), content.sha256());
      assertEquals(expected.getValue().length, content.size().bytes());
    }
    assertTrue(progress.problems().isEmpty());
    assertNothingIsLeft();
  }

  @Test
  void asksNobodyASecondTime() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve(PATH, LyingMirror.honest(tarball));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), host.at("/"));
    KubernetesBinaries first = sources.obtain(REQUEST);
    int asked = host.requests().size();

    KubernetesBinaries second = sources.obtain(Fakes.offline(REQUEST));

    assertEquals(asked, host.requests().size());
    assertEquals(first.version(), second.version());
    assertEquals(first.architecture(), second.architecture());
    assertEquals(digests(first), digests(second));
  }

  private static Map<String, Sha256> digests(KubernetesBinaries binaries) {
    Map<String, Sha256> digests = new TreeMap<>();
    binaries.binaries().forEach((name, content) -> digests.put(name, content.sha256()));
    return digests;
  }

  @Test
  void refusesATarballWithAnotherDigest() throws Exception {
    host.serve(PATH, LyingMirror.honest(Fakes.tarball(Fakes.binaries(Architecture.AMD64))));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, new byte[] {1}), host.at("/"));

    IntegrityException e = assertThrows(IntegrityException.class, () -> sources.obtain(REQUEST));

    assertEquals(5, e.exitCode());
    assertTrue(
        String.valueOf(e.getMessage()).contains(Sha512.of(new byte[] {1}).hex()), e.getMessage());
    assertNothingIsLeft();
    assertEquals(0, compilations.get());
  }

  @Test
  void refusesAnErrorPage() throws Exception {
    host.serve(PATH, LyingMirror.honest("<html>no</html>".getBytes(StandardCharsets.UTF_8)));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, new byte[] {1}), host.at("/"));
    assertEquals(5, assertThrows(BakeException.class, () -> sources.obtain(REQUEST)).exitCode());
    assertNothingIsLeft();
  }

  @Test
  void refusesATarballThatLacksABinary() throws Exception {
    Map<String, byte[]> three = Fakes.binaries(Architecture.AMD64);
    three.remove("kube-scheduler");
    assertRefused(Fakes.tarball(three), "lacks kube-scheduler");
  }

  @Test
  void refusesABinaryForAnotherMachine() throws Exception {
    Map<String, byte[]> binaries = Fakes.binaries(Architecture.AMD64);
    binaries.put("kubectl", Fakes.elf(Architecture.ARM64.elfMachine(), "lost"));
    assertRefused(Fakes.tarball(binaries), "kubectl from");
  }

  @Test
  void refusesABinaryThatIsNone() throws Exception {
    Map<String, byte[]> binaries = Fakes.binaries(Architecture.AMD64);
    binaries.put("kube-apiserver", new byte[100]);
    assertRefused(Fakes.tarball(binaries), "is no ELF file");
  }

  @Test
  void refusesWhatIsPinnedButNoTarball() throws Exception {
    assertRefused("hello".getBytes(StandardCharsets.UTF_8), "is no server tarball");
  }

  @Test
  void refusesAKubectlThatOthersDoNotKnow() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve(PATH, LyingMirror.honest(tarball));
    Properties lines = new Properties();
    lines.setProperty("v1.18.6/amd64/server.sha512", Sha512.of(tarball).hex());
    lines.setProperty("v1.18.6/amd64/kubectl.sha256", Sha256.of(new byte[0]).hex());
    KubernetesSources sources = sources(new KubernetesPins(lines), host.at("/"));
    // A lock gives the same digest again, which must not loosen the check.
    KubernetesRequest locked = pinned(REQUEST, Sha512.of(tarball));
    for (KubernetesRequest request : List.of(REQUEST, locked)) {
      assertThrows(IntegrityException.class, () -> sources.obtain(request));
    }
  }

  @Test
  void refusesAVersionWithoutPinUnlessOneIsGiven() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve("/v1.19.0/kubernetes-server-linux-amd64.tar.gz", LyingMirror.honest(tarball));
    KubernetesSources sources = sources(KubernetesPins.builtIn(), host.at("/"));
    KubernetesRequest request = Fakes.request(KubernetesVersion.of("v1.19.0"), Architecture.AMD64);

    RecipeException e = assertThrows(RecipeException.class, () -> sources.obtain(request));

    assertTrue(e.remedy().contains("CHANGELOG-1.19.md"), e.remedy());
    assertTrue(host.requests().isEmpty());
    KubernetesBinaries pinned = sources.obtain(pinned(request, Sha512.of(tarball)));
    assertEquals("v1.19.0", pinned.version().toString());
  }

  @Test
  void pinsTheDefaultVersionForBothArchitectures() {
    for (Architecture architecture : Architecture.values()) {
      KubernetesPins.Pin pin = KubernetesPins.builtIn().find(VERSION, architecture).orElseThrow();
      assertTrue(pin.kubectl().isPresent());
    }
  }

  @Test
  void fallsBackLoudlyAndHonestly() throws Exception {
    KubernetesSources sources = sources(KubernetesPins.builtIn(), nobody(), nobody());

    KubernetesBinaries binaries = sources.obtain(REQUEST);

    assertEquals("v1.20.2", binaries.version().toString());
    assertEquals(Choice.DEBIAN_SOURCE, binaries.source());
    assertTrue(binaries.origin().contains("Debian source package kubernetes 1.20.5+really1.20.2"));
    assertEquals(2, progress.problems().size());
    assertTrue(progress.problems().get(0).contains("do not answer"));
    assertTrue(progress.problems().get(1).startsWith("baking Kubernetes v1.20.2"));
    assertTrue(progress.problems().get(1).contains("instead of v1.18.6"));
    assertNothingIsLeft();
  }

  /**
   * A host that takes connections and then says nothing, as a dropping firewall looks. A fetch
   * would wait for minutes.
   */
  @Test
  @Timeout(60)
  void doesNotWaitForASilentHost() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      KubernetesSources sources = sources(KubernetesPins.builtIn(), uri, uri);
      assertEquals("v1.20.2", sources.obtain(REQUEST).version().toString());
    }
  }

  @Test
  @Timeout(60)
  void doesNotWaitForASilentHostBesideOneThatAnswers() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve(PATH, LyingMirror.honest(tarball));
    try (ServerSocket silent = new ServerSocket(0)) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      KubernetesSources sources =
          sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), uri, host.at("/"));
      assertEquals(VERSION, sources.obtain(REQUEST).version());
    }
  }

  /** Half a tarball is no reason to take another Kubernetes. */
  @Test
  void doesNotStandInForAHostThatAnswersAndBreaksOff() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve(
        PATH,
        exchange ->
            (exchange.getRequestMethod().equals("HEAD")
                    ? LyingMirror.status(200)
                    : LyingMirror.truncated(tarball, tarball.length / 2))
                .handle(exchange));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), host.at("/"));

    UnreachableException e =
        assertThrows(UnreachableException.class, () -> sources.obtain(REQUEST));

    assertEquals(4, e.exitCode());
    assertTrue(e.remedy().startsWith("it broke off on the way"), e.remedy());
    assertEquals(0, compilations.get());
    UnreachableException copy =
        assertThrows(UnreachableException.class, () -> sources.copyTarball(REQUEST, directory));
    assertTrue(copy.isCutOff());
  }

  @Test
  void failsWhereTheReleaseIsInsistedOn() throws Exception {
    KubernetesSources sources = sources(KubernetesPins.builtIn(), nobody());
    UnreachableException e =
        assertThrows(
            UnreachableException.class, () -> sources.obtain(REQUEST.withChoice(Choice.RELEASE)));
    assertEquals(4, e.exitCode());
    assertTrue(e.remedy().contains("--kubernetes-mirror"), e.remedy());
    assertEquals(0, compilations.get());
  }

  @Test
  void compilesOnceWhenAskedTo() throws Exception {
    KubernetesSources sources = sources(KubernetesPins.builtIn(), host.at("/"));
    KubernetesRequest request = REQUEST.withChoice(Choice.DEBIAN_SOURCE);

    KubernetesBinaries first = sources.obtain(request);
    KubernetesBinaries again = sources.obtain(request);

    assertEquals(1, compilations.get());
    assertEquals(first, again);
    assertTrue(host.requests().isEmpty());
    assertTrue(progress.problems().isEmpty());
    assertEquals(5, first.inputs().size());
  }

  @Test
  void offlineUsesTheStoreAlone() throws Exception {
    KubernetesSources sources = sources(KubernetesPins.builtIn(), host.at("/"));
    KubernetesRequest request = Fakes.offline(REQUEST.withChoice(Choice.RELEASE));
    assertThrows(UnreachableException.class, () -> sources.obtain(request));
    assertTrue(host.requests().isEmpty());
  }

  @Test
  void prefersANamedMirrorBeItADirectory() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    Path file = directory.resolve("mirror" + PATH);
    Files.createDirectories(file.getParent());
    Files.write(file, tarball);
    host.serve(PATH, LyingMirror.honest(tarball));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), host.at("/"));

    KubernetesBinaries binaries =
        sources.obtain(mirrored(REQUEST, directory.resolve("mirror").toUri()));

    assertEquals(VERSION, binaries.version());
    assertTrue(host.requests().isEmpty());
  }

  @Test
  void prefersANamedMirrorBeItAnAddress() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve("/k8s" + PATH, LyingMirror.honest(tarball));
    KubernetesSources sources = sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), nobody());
    KubernetesRequest request = mirrored(REQUEST.withChoice(Choice.MIRROR), host.at("/k8s"));
    assertEquals(VERSION, sources.obtain(request).version());
  }

  @Test
  void goesOnToTheReleaseWhereTheMirrorLacksTheFile() throws Exception {
    byte[] tarball = Fakes.tarball(Fakes.binaries(Architecture.AMD64));
    host.serve(PATH, LyingMirror.honest(tarball));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), host.at("/"));
    KubernetesRequest request = mirrored(REQUEST, directory.toUri());
    assertEquals(VERSION, sources.obtain(request).version());
    UnreachableException e =
        assertThrows(
            UnreachableException.class,
            () ->
                sources(KubernetesPins.builtIn(), nobody())
                    .obtain(request.withChoice(Choice.MIRROR)));
    assertTrue(String.valueOf(e.getMessage()).contains("has no v1.18.6/"), e.getMessage());
  }

  @Test
  void appliesThePinToAMirrorToo() throws Exception {
    Path file = directory.resolve("mirror" + PATH);
    Files.createDirectories(file.getParent());
    Files.write(file, Fakes.tarball(Fakes.binaries(Architecture.AMD64)));
    KubernetesSources sources = sources(KubernetesPins.builtIn(), nobody());
    assertThrows(
        IntegrityException.class,
        () -> sources.obtain(mirrored(REQUEST, directory.resolve("mirror").toUri())));
    assertEquals(0, compilations.get());
  }

  @Test
  void knowsTheWordsOfTheCommandLine() throws Exception {
    assertEquals(Choice.DEBIAN_SOURCE, Choice.parse("debian-source"));
    assertThrows(UsageException.class, () -> Choice.parse("DEBIAN_SOURCE"));
    KubernetesSources sources = sources(KubernetesPins.builtIn(), nobody());
    assertThrows(UsageException.class, () -> sources.obtain(REQUEST.withChoice(Choice.MIRROR)));
  }

  private void assertRefused(byte[] tarball, String reason) throws Exception {
    host.serve(PATH, LyingMirror.honest(tarball));
    KubernetesSources sources =
        sources(Fakes.pins(VERSION, Architecture.AMD64, tarball), host.at("/"));
    IntegrityException e = assertThrows(IntegrityException.class, () -> sources.obtain(REQUEST));
    assertEquals(5, e.exitCode());
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    assertFalse(e.remedy().isEmpty());
    assertNothingIsLeft();
  }

  /** Neither in the scratch directory nor in the store but for what was obtained. */
  private void assertNothingIsLeft() throws IOException {
    Path scratch = directory.resolve("scratch");
    if (Files.exists(scratch)) {
      try (Stream<Path> files = Files.list(scratch)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  /** An address where nothing listens. */
  private static URI nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
  }

  private KubernetesSources sources(KubernetesPins pins, URI... releaseHosts) {
    FetchSettings settings =
        new FetchSettings(
            false,
            2,
            2,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMillis(5),
            Map.of());
    Path scratch = directory.resolve("scratch");
    DebianSource debian = new DebianSource(store, scratch, this::inputs, this::compile);
    return KubernetesSources.of(
        store,
        Fetcher.of(store, progress, settings),
        scratch,
        List.of(releaseHosts),
        pins,
        debian,
        progress);
  }

  private BuildInputs inputs() {
    return new BuildInputs(
        "1.20.5+really1.20.2-1",
        download("kubernetes.orig.tar.gz"),
        download("kubernetes.debian.tar.xz"),
        "1.19.8-2",
        download("golang-go.deb"),
        download("golang-src.deb"),
        download("reflect2.deb"));
  }

  private Download download(String name) {
    return new Download(
        name,
        List.of(host.at("/" + name)),
        new Size(1),
        Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  private SourceIdentity compile(
      BuildInputs inputs, Architecture target, List<String> programs, Path results)
      throws IOException {
    compilations.incrementAndGet();
    for (String program : programs) {
      Files.write(results.resolve(program), Fakes.elf(target.elfMachine(), program));
    }
    return new SourceIdentity("v1.20.2", "0".repeat(40), Instant.EPOCH);
  }

  private static KubernetesRequest pinned(KubernetesRequest of, Sha512 pin) {
    return new KubernetesRequest(
        of.version(), of.architecture(), of.choice(), of.mirror(), Optional.of(pin), of.offline());
  }

  private static KubernetesRequest mirrored(KubernetesRequest of, URI mirror) {
    return new KubernetesRequest(
        of.version(), of.architecture(), of.choice(), Optional.of(mirror), of.pin(), of.offline());
  }
}
