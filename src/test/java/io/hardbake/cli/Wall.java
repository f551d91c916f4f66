package io.hardbake.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that lets nobody out, and remembers where they wanted to go. */
final class Wall implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  Wall() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::answer, "wall");
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** {@code host:port}, in the order of the requests. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        String request = in.readLine();
        for (String header = request; header != null && !header.isEmpty(); ) {
          header = in.readLine();
        }
        if (request != null) {
          asked.add(request.split(" ", -1)[1]);
        }
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // Closed, or the other side was.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
