import Diagnostics
import TestKit
import Testing

@Suite struct `The test kit's own texts` {
  @Test func `marks are taken out and remembered`() {
    let marked = MarkedText("a: 1️⃣é2️⃣\n3️⃣b")
    #expect(marked.text == "a: é\nb")
    #expect(marked.marks == [1, 2, 3])
    #expect(marked.marks.map(marked.offset) == [3, 5, 6])
    #expect(marked.range(1, 2) == SourceRange(.init(line: 1, column: 4), .init(line: 1, column: 5)))
    #expect(marked.position(3) == SourcePosition(line: 2, column: 1))
  }

  @Test func `differences show the lines around them`() {
    let old = "a\nb\nc\nd\ne\nf\n"
    #expect(lineDifference(from: old, to: old) == "")
    #expect(lineDifference(from: old, to: "a\nb\nc\nX\ne\nf\n") == " b\n c\n-d\n+X\n e\n f")
    #expect(lineDifference(from: "", to: "a") == "-\n+a")
  }

  @Test func `the generator is SplitMix64`() {
    // The first values for the seed 1234567, from its authors' reference code.
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }
}
