package io.hardbake.fetch;

import io.hardbake.io.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply as a stream whose reads end: the JDK's own stream waits for ever for a server
 * that stopped sending, and does not listen to interruption. Nor is a server waited for that sends
 * next to nothing.
 */
final class BodyStream extends BulkInputStream implements BodySubscriber<InputStream> {
  /** Pieces asked for in advance, so that the network goes on while this one is consumed. */
  private static final int AHEAD = 4;

  /** Bytes a second; less than that is a stall, whoever sends a byte now and then. */
  private static final long LOWEST_SPEED = 256;

  private final Duration stall;
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

  /** Never longer than what was asked for. */
  private final BlockingQueue<Piece> queue = new LinkedBlockingQueue<>();

  /**
   * How long was waited for the pieces that came since speed was judged last; the bytes in them.
   */
  private Duration waited = Duration.ZERO;

  private long came;

  private Piece piece = new Piece(ByteBuffer.allocate(0), false, false, null);

  BodyStream(Duration stall) {
    this.stall = stall;
  }

  /**
   * @param bytes a part of the body
   * @param lastOfBatch whether another batch may be asked for once it is consumed
   * @param end whether the body ended here, well or with {@code failure}
   */
  private record Piece(
      ByteBuffer bytes, boolean lastOfBatch, boolean end, @Nullable Throwable failure) {}

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    if (subscription.compareAndSet(null, given)) {
      given.request(AHEAD);
    } else {
      given.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> batch) {
    for (int i = 0; i < batch.size(); i++) {
      queue.add(new Piece(batch.get(i), i == batch.size() - 1, false, null));
    }
  }

  @Override
  public void onError(Throwable failure) {
    queue.add(new Piece(ByteBuffer.allocate(0), false, true, failure));
  }

  @Override
  public void onComplete() {
    queue.add(new Piece(ByteBuffer.allocate(0), false, true, null));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (length > 0 && !piece.bytes().hasRemaining()) {
      if (piece.end()) {
        if (piece.failure() != null) {
          throw new IOException(piece.failure().getMessage(), piece.failure());
        }
        return -1;
      }
      next();
    }
    int n = Math.min(length, piece.bytes().remaining());
    piece.bytes().get(buffer, offset, n);
    return n;
  }

  private void next() throws IOException {
    Subscription from = subscription.get();
    if (piece.lastOfBatch() && from != null) {
      from.request(1);
    }
    Piece next;
    long start = System.nanoTime();
    try {
      next = queue.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new Cancelled(e);
    }
    if (next == null) {
      throw new IOException("nothing came for " + stall.toSeconds() + " s");
    }
    piece = next;
    judgeSpeed(Duration.ofNanos(System.nanoTime() - start));
  }

  /** The consumer's own time does not count, only what it waited for the network. */
  private void judgeSpeed(Duration wait) throws IOException {
    waited = waited.plus(wait);
    came += piece.bytes().remaining();
    if (piece.end() || waited.compareTo(stall) < 0) {
      return;
    }
    if (came * 1000 < LOWEST_SPEED * waited.toMillis()) {
      throw new IOException("only %d bytes came in %d s".formatted(came, waited.toSeconds()));
    }
    waited = Duration.ZERO;
    came = 0;
  }

  /** Drops the connection when the body was not read to its end. */
  @Override
  public void close() {
    Subscription from = subscription.get();
    if (from != null && !piece.end()) {
      from.cancel();
    }
  }

  /** The thread was interrupted, told through the signature of a stream. */
  static final class Cancelled extends IOException {
    Cancelled(InterruptedException cause) {
      super(cause);
    }
  }
}
