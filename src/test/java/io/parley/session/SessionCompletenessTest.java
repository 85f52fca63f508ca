package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.conversation.Conversation;
import io.parley.model.Limits;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.Decoded;
import io.parley.protocol.FrameCodec;
import io.parley.user.User;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A kind of frame or command that was added is handled as well, or this fails. */
class SessionCompletenessTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void everyKindOfFrameHasItsEffect() {
    Map<String, Runnable> effects = new LinkedHashMap<>();
    effects.put("{'t':'start','id':1,'peer':'bob'}", () -> stage.expect("conversation"));
    effects.put(
        "{'t':'send','id':2,'conversation':'c_ab','outbox':1,'n':1,"
            + "'op':{'kind':'message','text':'hi'}}",
        () -> stage.conversations.expectMessageClass(Conversation.Operate.class));
    effects.put(
        "{'t':'mark','conversation':'c_ab','read':1}",
        () -> stage.conversations.expectMessageClass(Conversation.Mark.class));
    effects.put(
        "{'t':'typing','conversation':'c_ab','on':true}",
        () -> stage.users.expectMessageClass(User.TellTyping.class));
    effects.put(
        "{'t':'watch','users':['u_bob']}", () -> stage.users.expectMessageClass(User.Watch.class));
    effects.put("{'t':'page','id':3,'conversation':'c_ab'}", () -> stage.expect("page"));
    effects.put(
        "{'t':'resume','id':4,'cursors':[['c_ab',0]]}",
        () -> {
          stage.expect("ok");
          stage.expect("caught_up");
        });
    effects.put("{'t':'ping','id':5}", () -> stage.expect("pong"));
    effects.put("{'t':'pong'}", stage::expectNothing);
    effects.put(Stage.HELLO, () -> stage.expectBye("protocol_error"));

    FrameCodec codec = new FrameCodec(Limits.DEFAULT);
    List<Class<?>> kinds = new ArrayList<>();
    stage.welcome();
    effects.forEach(
        (frame, effect) -> {
          Decoded decoded = codec.decode(frame.replace('\'', '"'));
          assertThat(decoded).isInstanceOf(Decoded.Frame.class);
          kinds.add(((Decoded.Frame) decoded).frame().getClass());
          stage.send(frame);
          effect.run();
        });
    assertThat(kinds)
        .containsAll(
            Arrays.stream(ClientFrame.class.getPermittedSubclasses())
                .filter(ClientFrame.class::isAssignableFrom)
                .toList());
  }

  @Test
  void everyKindOfCommandIsHandledOnceTheSocketIsThere() {
    List<Session.Command> commands =
        List.of(
            new Session.Taken(1),
            new Session.Received("{\"t\":\"ping\""),
            new Session.Unreadable(),
            new Session.Drain(1),
            new Session.Disconnected());
    assertThat(commands.stream().map(Object::getClass))
        .containsAll(
            Arrays.stream(Session.Command.class.getPermittedSubclasses())
                .filter(kind -> Modifier.isPublic(kind.getModifiers()))
                // The first word of all, and only that.
                .filter(kind -> !kind.equals(Session.Connected.class))
                .toList());
    var unhandled = stage.testKit.createUnhandledMessageProbe();
    commands.forEach(stage.session::tell);
    stage.testKit.createTestProbe().expectTerminated(stage.session);
    unhandled.expectNoMessage(Duration.ofMillis(20));
  }
}
