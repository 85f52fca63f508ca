package io.parley.protocol;

/** Texts that tempt a server to change them. */
final class TextSamples {
  /** Quotes, backslashes, TAB, LF, combining marks, bidi, joiners, separators. */
  static final String ODD_BUT_FINE =
      "\"C:\\new\"\n\t</script> e\u0301 \u00e9 \u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u2066x\u2069"
          + " \u2028\u2029 \ufeff\ud83c\udff3\ufe0f\u200d\ud83c\udf08 \ud83d\ude00 z\u0351\u0323  ";

  /** What the example of a send says, where JSON escapes what it need not. */
  static final String ESCAPED =
      "\"C:\\new\"\n\t\ud83c\udff3\ufe0f\u200d\ud83c\udf08 \u00e9 \u05e9\u05dc\u05d5\u05dd"
          + " \u202eabc\u202c \u2028\u00e9\ud83d\ude00";

  private TextSamples() {}
}
