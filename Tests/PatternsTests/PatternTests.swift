import Patterns
import Testing

@Suite struct `Matching a pattern` {
  @Test(arguments: [
    ("a|b", "a", true), ("a|b", "ab", false), ("a|b", "b", true), (".*", "", true), ("", "", true), ("", "a", false),
    ("5..", "503", true), ("5..", "5033", false), ("é+", "éé", true), ("^a$", "a", true), ("(?i)A", "a", true),
    ("a.b", "a\nb", false), ("(?s)a.b", "a\nb", true), ("漢.", "漢字", true), ("a\\.b", "axb", false),
  ])
  func `anchored takes the whole text`(pattern: String, text: String, matches: Bool) throws {
    #expect(try Pattern(anchored: pattern).matches(text) == matches)
  }

  @Test func `unanchored may match anywhere`() throws {
    let pattern = try Pattern(unanchored: "b+")
    #expect(pattern.matches("abbc"))
    #expect(!pattern.matches("ac"))
  }

  @Test(arguments: ["(", "a{2,1}", "[z-a]", "*a", "(?<=a)b", #"\1"#, "a**b(", "(?P<n"])
  func `what RE2 doesn't accept is told`(text: String) {
    #expect(throws: PatternSyntaxError.self) { try Pattern(anchored: text) }
    #expect(throws: PatternSyntaxError.self) { try Pattern(unanchored: text) }
  }

  @Test func `equal patterns have equal text and anchoring`() throws {
    #expect(try Pattern(anchored: "a") == Pattern(anchored: "a"))
    #expect(try Pattern(anchored: "a") != Pattern(unanchored: "a"))
    #expect(try Set([Pattern(anchored: "a"), Pattern(anchored: "a"), Pattern(anchored: "b")]).count == 2)
  }

  @Test func `takes time linear in the text`() throws {
    let text = String(repeating: "a", count: 100_000)
    #expect(try !Pattern(anchored: "(a+)+b").matches(text))
  }
}

@Suite struct `Replacing by a pattern` {
  @Test(arguments: [
    ("(.*):.*", "localhost:9090", "$1", "localhost"),
    ("(.*):.*", "localhost:9090", "${1}x", "localhostx"),
    // `$1x` is the group named `1x`, which there is none of.
    ("(.*):.*", "localhost:9090", "$1x", ""),
    ("(.*):.*", "localhost:9090", "$1-$0", "localhost-localhost:9090"),
    ("(?P<host>.*):(?P<port>.*)", "localhost:9090", "$port/${host}", "9090/localhost"),
    ("a", "banana", "o", "bonono"), ("a", "banana", "$$", "b$n$n$"), ("a", "banana", "$", "b$n$n$"),
    ("a", "b", "x", "b"), ("x*", "abc", "-", "-a-b-c-"), ("b*", "abc", "-", "-a-c-"), ("", "漢字", "|", "|漢|字|"),
    ("é", "éaé", "e", "eae"), ("(a)(b)?", "a", "[$2]", "[]"), ("a", "a", "$9", ""), ("a", "a", "${", "${"),
    ("a", "a", "${1", "${1"), ("^a", "aa", "b", "ba"), (#"\bx"#, "x xx", "y", "y yx"), ("a", "", "b", ""),
    ("$", "ab", "!", "ab!"), ("(.)", "abc", "$1$1", "aabbcc"),
    // A number has no zero in front: `01` is a name.
    ("(a)", "a", "$01", ""), ("(a)", "a", "[${00}]", "[]"), ("(a)", "ba", "$0$0", "baa"),
    ("(a)", "a", "$1é", ""), ("(a)", "a", "$1漢-", "-"), ("(a)", "a", "${1}é", "aé"), ("a", "a", "$-", "$-"),
    ("a", "a", "$99999999999999999999", ""), ("a", "a", "${}", "${}"), ("(?P<x>a)", "aa", "${x}$$x|", "a$x|a$x|"),
  ])
  func `expands groups as Go does`(pattern: String, text: String, replacement: String, expected: String) throws {
    #expect(try Pattern(unanchored: pattern).replacingAll(in: text, with: replacement) == expected)
  }
}

@Suite struct `Expanding a match` {
  @Test(arguments: [
    ("(.*):(.*)", "web:9100", "$2-$1", "9100-web"), ("(.*)", "", "x$1", "x"), (".*", "a", "", ""),
    ("(a)|(b)", "b", "[$1|$2]", "[|b]"), ("(?P<zone>[a-z]+)-.*", "eu-west", "$zone", "eu"),
  ])
  func `gives the template with its groups`(pattern: String, text: String, template: String, expected: String) throws {
    #expect(try Pattern(anchored: pattern).expand(template, in: text) == expected)
  }

  @Test func `needs a match of the whole text`() throws {
    #expect(try Pattern(anchored: "a+").expand("x", in: "aab") == nil)
    #expect(try Pattern(anchored: "a.b").expand("x", in: "a\nb") == nil)
    #expect(try Pattern(anchored: "a.b", dotMatchesLineBreaks: true).expand("x", in: "a\nb") == "x")
  }
}
