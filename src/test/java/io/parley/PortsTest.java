package io.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void anUnusedPortIsToBeHadAndNoneOfOutgoingConnections() throws IOException {
    for (int i = 0; i < 20; i++) {
      int port = Ports.unused("127.0.0.1");
      assertThat(port).isBetween(20_000, 32_767);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      }
    }
  }

  @Test
  void whereNothingCanListenTheSystemIsLeftTheChoice() {
    assertThat(Ports.unused("192.0.2.1")).isZero();
  }
}
