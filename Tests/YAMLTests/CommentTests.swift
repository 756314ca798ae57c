import Diagnostics
import TestKit
import Testing
import YAML

@Suite struct `Comments of a text` {
  @Test func `are found where YAML has comments, and only there`() {
    let marked = MarkedText(
      """
      1️⃣# belfry/disable no-runbook
      a: b 2️⃣#  trailing\u{20}
      url: http://x/#anchor
      quoted: "# no" 3️⃣# yes
      single: 'it''s # no
        # no
        more' 4️⃣# yes too
      block: | 5️⃣# header
        # no
          # no
      folded: >-
        text # no
      6️⃣# belfry/enable x
      list: [a, 'b # no', c] 7️⃣# end
      plain: text
        goes on 8️⃣# yes
      """)
    let comments = YAMLComments(of: read(marked.text), in: .init(marked.text))
    #expect(
      comments.all.map(\.text) == [
        "belfry/disable no-runbook", "trailing", "yes", "yes too", "header", "belfry/enable x", "end", "yes",
      ])
    #expect(comments.all.map(\.range.start) == marked.marks.map(marked.position))
    #expect(comments.controls.map(\.text) == ["belfry/disable no-runbook", "belfry/enable x"])
  }

  @Test func `are found in texts with other line breaks and aliases`() {
    let text = "a: &x 'q # no' # one\r\nb: *x # two\r\n\r\n# three"
    #expect(YAMLComments(of: read(text), in: .init(text)).all.map(\.text) == ["one", "two", "three"])
    #expect(YAMLComments(of: read("a: 1"), in: .init("a: 1")).all.isEmpty)
  }
}
