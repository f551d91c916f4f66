package io.hardbake.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.LoadResponseItem;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Size;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Streams an archive into the engine and makes sure that it arrived. */
final class ImageLoad {
  private final DockerClient client;
  private final Progress progress;

  ImageLoad(DockerClient client, Progress progress) {
    this.client = client;
    this.progress = progress;
  }

  void load(BakedImage image) throws BakeException, InterruptedException {
    image.verify();
    try {
      send(image);
    } catch (IOException e) {
      throw new HostException(
          "loading " + image.archive() + " into the engine failed: " + e.getMessage(),
          EngineTrouble.START_ONE,
          e);
    }
    confirm(image);
  }

  /** What an image may be called by engines: containerd's store goes by the manifest's digest. */
  static List<String> ids(BakedImage image) {
    return List.of("sha256:" + image.configuration(), "sha256:" + image.manifest());
  }

  private void send(BakedImage image) throws IOException, HostException, InterruptedException {
    Path archive = image.archive();
    Answer answer = new Answer();
    try (Progress.Task task =
            progress.begin("loading " + archive.getFileName(), new Size(Files.size(archive)));
        InputStream in = new Counted(Files.newInputStream(archive), task)) {
      client.loadImageAsyncCmd(in).exec(answer).awaitCompletion();
    } catch (RuntimeException e) {
      throw refused(image, EngineTrouble.rootMessage(e), e);
    }
    if (answer.error.isPresent()) {
      throw refused(image, answer.error.get(), new IOException(answer.error.get()));
    }
  }

  private static HostException refused(BakedImage image, String why, Exception e) {
    return new HostException(
        "the engine refused to load " + image.names().get(0) + ": " + why,
        "look at the engine's own log; it may lack space or rights",
        e);
  }

  /**
   * Each name is our image. Podman takes the first only and leaves the others where they were, with
   * nobody or with an image of an earlier bake; here they move, as docker moves them by itself.
   */
  void confirm(BakedImage image) throws BakeException {
    String first = image.names().get(0);
    for (String name : image.names()) {
      Optional<String> id = id(name);
      if (!name.equals(first) && id.filter(ids(image)::contains).isEmpty()) {
        tag(first, name);
        id = id(name);
      }
      if (id.isEmpty()) {
        String why = "it says nothing, but does not have " + name;
        throw refused(image, why, new IOException(why));
      }
      if (!ids(image).contains(id.get())) {
        throw new IntegrityException(
            "the engine has another image as %s: expected sha256:%s, actual %s"
                .formatted(name, image.configuration(), id.get()),
            "remove that image from the engine and load again");
      }
    }
  }

  private Optional<String> id(String name) throws BakeException {
    try {
      return Optional.of(DockerConnection.said(client.inspectImageCmd(name).exec().getId()));
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("asking the engine for " + name, e);
    }
  }

  private void tag(String image, String name) throws BakeException {
    int colon = name.lastIndexOf(':');
    try {
      client.tagImageCmd(image, name.substring(0, colon), name.substring(colon + 1)).exec();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("giving " + image + " the name " + name, e);
    }
  }

  /** The engine's answer: a stream of items, of which one may be an error. */
  private static final class Answer extends ResultCallback.Adapter<LoadResponseItem> {
    private volatile Optional<String> error = Optional.empty();

    @Override
    public void onNext(LoadResponseItem item) {
      if (item.isErrorIndicated() && item.getErrorDetail() != null) {
        error = Optional.ofNullable(item.getErrorDetail().getMessage());
      }
    }
  }

  private static final class Counted extends FilterInputStream {
    private final Progress.Task task;

    Counted(InputStream in, Progress.Task task) {
      super(in);
      this.task = task;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      task.advance(Math.max(n, 0));
      return n;
    }
  }
}
