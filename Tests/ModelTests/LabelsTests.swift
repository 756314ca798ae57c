import Model
import TestKit
import Testing

@Suite struct `Label sets` {
  @Test func `are sorted by bytes, without empty values, the last of a name counting`() {
    let labels = Labels([
      Label("b", "1"), Label("a", "2"), Label("B", "3"), Label("é", "4"), Label("a", "5"), Label("c", ""),
    ])
    #expect(labels.pairs == [Label("B", "3"), Label("a", "5"), Label("b", "1"), Label("é", "4")])
    #expect(labels == ["é": "4", "a": "5", "b": "1", "B": "3"])
  }

  @Test func `give and take single labels`() {
    var labels: Labels = ["a": "1", "b": "2"]
    #expect(labels["a"] == "1")
    #expect(labels["x"] == "")
    #expect(labels.contains("b") && !labels.contains("x"))
    labels["a"] = ""
    labels["c"] = "3"
    labels["b"] = "4"
    labels["none"] = ""
    #expect(labels == ["b": "4", "c": "3"])
    #expect(Labels.empty.isEmpty)
  }

  @Test func `are combined`() {
    let labels: Labels = ["a": "1", "b": "2"]
    #expect(labels.filled(from: ["b": "9", "c": "3"]) == ["a": "1", "b": "2", "c": "3"])
    #expect(labels.only(["b", "x"]) == ["b": "2"])
    #expect(labels.common(with: ["a": "1", "b": "9"]) == ["a": "1"])
  }

  @Test func `are printed with Go's quotes`() {
    #expect(Labels(["b": "say \"hi\"\n", "a": "x\u{1}é"]).description == #"{a="x\x01é", b="say \"hi\"\n"}"#)
    #expect(Labels.empty.description == "{}")
  }

  @Test func `are ordered pair by pair, the shorter first`() {
    let ordered: [Labels] = [[:], ["a": "1"], ["a": "1", "b": "1"], ["a": "1", "c": "0"], ["a": "2"], ["b": "0"]]
    #expect(ordered.shuffled().sorted() == ordered)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `don't depend on the order of their pairs`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pairs = (0..<8).map { Label("l\($0)", String(Int.random(in: 1...3, using: &random))) }
    let labels = Labels(pairs)
    let other = Labels(pairs.shuffled(using: &random))
    #expect(labels == other)
    #expect(labels.hashValue == other.hashValue)
    #expect(Fingerprint(labels) == Fingerprint(other))
    #expect(labels.pairs.map(\.name) == labels.pairs.map(\.name).sorted { $0.precedesInBytes($1) })
  }
}
