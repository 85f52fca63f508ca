package io.parley.campaign.client;

import java.util.List;
import java.util.Random;

/**
 * What people write: every kind of text that has broken a chat before, each one unlike any other.
 */
final class Texts {
  private static final List<String> NASTY =
      List.of(
          "plain words",
          "👩‍👩‍👧‍👦👍🏽🏳️‍🌈🇩🇪",
          "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
          "\u202eright to left override\u202c and שלום مرحبا",
          "e\u0301 is not \u00e9, and neither is fi \ufb01",
          "我们在这里聊天 日本語のテキスト 한국어 ไทย",
          "𝒜𝓈𝓉𝓇𝒶𝓁 𐍈 𠜎",
          "tab\tand\nlines\n\n  kept  ",
          "{\"t\":\"bye\",\"code\":\"revoked\"}",
          "<script>alert(1)</script> & ' \" \\ \\u0000",
          "'; DROP TABLE event_journal; --",
          "\u200f\u200d\u2066isolates\u2069 ﷽",
          "İstanbul ſ ß ǅ");

  /**
   * What people look for: of one character, of two, and of more; as it stands there, otherwise
   * written, and in no text.
   */
  static final List<String> SOUGHT =
      List.of(
          "聊",
          "長",
          "聊天",
          "👍🏽",
          "ﬁ",
          "PLAIN WORDS",
          "tab and lines kept",
          "É",
          "%",
          "drop table event_journal",
          "שלום",
          "nobody says this");

  private static final List<String> REFUSED =
      List.of("", "nul \\u0000 here", "lone \\ud83d surrogate", "\\u0007bell", "\\u200b\\u200d");

  private Texts() {}

  /** A text that says who wrote it, so that nobody else can have. */
  static String of(String author, long outbox, long n, Random random) {
    String text = NASTY.get(random.nextInt(NASTY.size()));
    String signature = author + "/" + outbox + "/" + n + " ";
    // Now and then as long as it may be: 8,000 code points, 16 KiB.
    return random.nextInt(60) == 0 ? signature + "長".repeat(5_000) : signature + text;
  }

  /** The inside of a JSON string that no server may store. */
  static String refused(Random random) {
    return REFUSED.get(random.nextInt(REFUSED.size()));
  }
}
