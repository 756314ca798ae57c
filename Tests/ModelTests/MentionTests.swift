import Model
import Testing

@Suite struct `Somebody whom a message names` {
  @Test(arguments: [
    ("all", Mention.everyone), ("@all", .everyone), ("13800000000", .mobile("13800000000")),
    ("+8613800000000", .mobile("+8613800000000")), ("mobile:138-0000-0000", .mobile("13800000000")),
    ("mobile:+86 138 0000 0000", .mobile("+8613800000000")), ("ana@example.com", .email("ana@example.com")),
    ("email:ana@example.com", .email("ana@example.com")), ("slack:U024BE7LH", .id(channel: "slack", "U024BE7LH")),
    ("feishu:ou_1a2b", .id(channel: "feishu", "ou_1a2b")),
    // Whatever else there is calls nobody.
    ("@ana", .text("@ana")), ("irc:ana", .text("irc:ana")), ("slack:", .text("slack:")), ("", .text("")),
    ("123456", .text("123456")), ("1234567890123456", .text("1234567890123456")), ("mobile:ana", .text("mobile:ana")),
    ("email:ana", .text("email:ana")), ("ana@host", .text("ana@host")), ("a b@example.com", .text("a b@example.com")),
    ("<a@example.com>", .text("<a@example.com>")), ("a@.com", .text("a@.com")), (":x", .text(":x")),
  ])
  func `is known by how they are written`(text: String, mention: Mention) {
    #expect(Mention(text, kinds: ["slack", "feishu"]) == mention)
  }
}
