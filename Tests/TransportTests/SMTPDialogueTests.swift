import Model
import Testing

@testable import Transport

@Suite struct `The dialogue with a mail server` {
  private func isTaken(_ lines: [String], startsTLS: Bool = false, logsIn: Bool = true) -> Bool {
    var dialogue = SMTPDialogue(startsTLS: startsTLS, logsIn: logsIn)
    return lines.allSatisfy { dialogue.take(Array("\($0)\r\n".utf8)) }
  }

  @Test(arguments: [
    (["220 hi", "250-mx", "250-AUTH PLAIN LOGIN", "250 HELP"], false, true),
    (["220 hi", "250-mx", "250 AUTH PLAIN"], false, true),
    (["220 hi", "250-mx", "250 auth=login"], false, true),
    (["220-hi", "220 there", "250-mx", "250 AUTH PLAIN"], false, true),
    (["220 hi", "250-mx", "250 HELP"], false, false),
    (["220 hi", "250 mx"], false, false),
    (["220 hi", "250-AUTH mx", "250 SIZE"], false, false),
    (["220 hi", "250-mx", "250 AUTHOR X"], false, false),
    (["220 hi", "502 no EHLO"], false, false),
    (["220 hi", "250-mx", "250 STARTTLS", "220 go", "250-mx", "250 AUTH PLAIN", "250 ok"], true, true),
    (["220 hi", "250-mx", "250-AUTH PLAIN", "250 STARTTLS", "220 go", "250-mx", "250 SIZE"], true, false),
  ])
  func `goes on only if the server offers the login that is wanted`(
    lines: [String], startsTLS: Bool, isOffered: Bool
  ) {
    #expect(isTaken(lines, startsTLS: startsTLS) == isOffered)
    #expect(isTaken(lines, startsTLS: startsTLS, logsIn: false))
  }

  @Test func `keeps the last whole reply, in one line`() {
    var dialogue = SMTPDialogue(startsTLS: false, logsIn: false)
    for line in ["220 hi", "250 mx", "550-5.7.1 s3cr3t is", "550 5.7.1 not\tnice", "250-half"] {
      let isTaken = dialogue.take(Array("\(line)\r\n".utf8))
      #expect(isTaken)
    }
    #expect(dialogue.code == 550)
    #expect(dialogue.text(hiding: nil) == "5.7.1 s3cr3t is 5.7.1 notnice")
    #expect(dialogue.text(hiding: Secret("s3cr3t")) == "5.7.1 ‹redacted› is 5.7.1 notnice")
  }
}
