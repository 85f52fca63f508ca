package io.parley.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a client and a server that fails as it is told, at a moment that the test
 * knows.
 *
 * <pre>
 *   client ──requests──► proxy ──requests──► server
 *          ◄──replies──        ◄──replies──
 * </pre>
 *
 * What is held isn't lost: it goes on, in order, when the fault is over, even if the side that sent
 * it has closed its connection meanwhile. Only {@link #reset} loses it.
 */
public final class FaultProxy implements AutoCloseable {

  private final String targetHost;
  private final int targetPort;
  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Object faults = new Object();

  private boolean holdRequests;
  private boolean holdReplies;
  private boolean refuse;
  private int connectionsLeft = Integer.MAX_VALUE;
  private boolean silently;
  private long heldRequestBytes;
  private long heldReplyBytes;

  private FaultProxy(InetAddress bind, String targetHost, int targetPort) throws IOException {
    this.targetHost = targetHost;
    this.targetPort = targetPort;
    this.listener = new ServerSocket(0, 50, bind);
    start("accept", this::accept);
  }

  /** A proxy that passes everything on, until it is told otherwise. */
  public static FaultProxy to(String host, int port) {
    return at(InetAddress.getLoopbackAddress(), host, port);
  }

  /** The same on another address of this machine. */
  public static FaultProxy at(InetAddress bind, String host, int port) {
    try {
      return new FaultProxy(bind, host, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Everything passes again; what was held goes first. */
  public void heal() {
    synchronized (faults) {
      holdRequests = false;
      holdReplies = false;
      refuse = false;
      heldRequestBytes = 0;
      heldReplyBytes = 0;
      faults.notifyAll();
    }
  }

  /** The server hears and acts, the client doesn't learn of it. */
  public void holdReplies() {
    synchronized (faults) {
      holdReplies = true;
    }
  }

  /** What the client sends is under way for as long as this lasts. */
  public void holdRequests() {
    synchronized (faults) {
      holdRequests = true;
    }
  }

  /** Nothing passes, nothing is refused, nobody is told. */
  public void blackhole() {
    synchronized (faults) {
      holdRequests = true;
      holdReplies = true;
    }
  }

  /** New connections are reset at once. */
  public void refuse() {
    synchronized (faults) {
      refuse = true;
    }
  }

  /**
   * The server is there for so many connections. With the next one it is gone: that one and those
   * before are reset, and so are all later ones; or, silently, none of them hears anything more.
   */
  public void vanishAfter(int connections, boolean silently) {
    synchronized (faults) {
      connectionsLeft = connections;
      this.silently = silently;
    }
  }

  /** Bytes of replies that are held: more than 0 says that the server has answered. */
  public long heldReplyBytes() {
    synchronized (faults) {
      return heldReplyBytes;
    }
  }

  /** Bytes of requests that are held: more than 0 says that the client has sent. */
  public long heldRequestBytes() {
    synchronized (faults) {
      return heldRequestBytes;
    }
  }

  /** All connections end with a reset on both sides; what is held is lost. */
  public void reset() {
    links.forEach(Link::reset);
  }

  /**
   * All connections end as when the server goes down in order: the client reads the end and closes
   * in turn. When {@link #connections} has fallen to 0, every client has noticed.
   */
  public void disconnect() {
    links.forEach(Link::endReplies);
  }

  /** Connections that are open now. */
  public int connections() {
    return links.size();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    reset();
    heal();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        boolean refused;
        boolean vanished;
        synchronized (faults) {
          vanished = connectionsLeft == 0;
          refused = refuse || (vanished && !silently);
          connectionsLeft -= vanished ? 0 : 1;
        }
        if (vanished && silently) {
          blackhole();
        } else if (vanished) {
          reset();
        }
        if (refused) {
          resetSocket(client);
        } else {
          new Link(client, new Socket(targetHost, targetPort)).start();
        }
      } catch (IOException e) {
        // The listener was closed, or the server isn't there: the client finds out by itself.
      }
    }
  }

  /** False when the link was reset meanwhile: what it held is lost. */
  private boolean awaitPassage(boolean request, int bytes, Link link) throws InterruptedException {
    synchronized (faults) {
      if (request ? holdRequests : holdReplies) {
        heldRequestBytes += request ? bytes : 0;
        heldReplyBytes += request ? 0 : bytes;
      }
      while ((request ? holdRequests : holdReplies) && !link.wasReset) {
        faults.wait();
      }
      return !link.wasReset;
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "fault-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void resetSocket(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // Closed already.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Closed already.
    }
  }

  /** One connection of a client, and ours to the server on its behalf. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private int openDirections = 2;
    private boolean wasReset;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void start() {
      links.add(this);
      FaultProxy.start("requests", () -> pump(client, server, true));
      FaultProxy.start("replies", () -> pump(server, client, false));
    }

    void reset() {
      synchronized (faults) {
        wasReset = true;
        faults.notifyAll();
      }
      resetSocket(client);
      resetSocket(server);
      links.remove(this);
    }

    void endReplies() {
      try {
        client.shutdownOutput();
      } catch (IOException e) {
        // Ended already.
      }
    }

    private void pump(Socket from, Socket to, boolean request) {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (!awaitPassage(request, n, this)) {
            return;
          }
          out.write(buffer, 0, n);
        }
        if (awaitPassage(request, 0, this)) {
          to.shutdownOutput();
        }
      } catch (IOException e) {
        // The reader is gone. The other direction notices when it writes.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        ended();
      }
    }

    private void ended() {
      synchronized (this) {
        openDirections--;
        if (openDirections > 0) {
          return;
        }
      }
      closeQuietly(client);
      closeQuietly(server);
      links.remove(this);
    }
  }
}
