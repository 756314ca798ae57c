import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Controls with an end` {
  private static let now = Timestamp(rfc3339: "2026-11-20T12:00:00Z") ?? .epoch

  /// What is told of one document of a kind.
  private func told(_ kind: Kind, _ spec: String) -> [String] {
    var tree = SpecTree()
    let path = usualPath(kind)
    tree.update([(path, read(document(kind, spec), at: path))])
    return tree.expiring(at: Self.now).map { $0.code + ": " + $0.message }
  }

  @Test func `are told of once they have ended, most of them a week ahead too`() {
    let silence = "matchers: {a: b}\ncomment: c\n"
    #expect(
      told(.silence, silence + "ends_at: 2026-11-20T11:00:00Z")
        == ["has-ended: the silence ended at 2026-11-20T11:00:00Z: it silences nothing"])
    #expect(told(.silence, silence + "ends_at: 2026-11-20T13:00:00Z") == [])
    #expect(told(.silence, silence + "starts_at: 2026-11-19T08:00:00Z\nduration: 4h").count == 1)
    #expect(told(.silence, silence + "duration: 4h") == [])
    #expect(
      told(.approval, "deletions: 4\nuntil: 2026-11-25T00:00:00Z")
        == ["ends-soon: the Approval ends at 2026-11-25T00:00:00Z: then it allows nothing"])
    #expect(told(.approval, "deletions: 4\nuntil: 2026-11-20T12:00:00Z").first?.hasPrefix("has-ended") == true)
    #expect(told(.approval, "deletions: 4\nuntil: 2026-12-25T00:00:00Z") == [])
    #expect(
      told(
        .tenant, "notify: observe\nnotify_until: 2026-11-01T00:00:00Z\nsync: paused\nsync_until: 2026-11-21T00:00:00Z")
        == [
          "ends-soon: 'sync: paused' ends at 2026-11-21T00:00:00Z: then commits are followed",
          "has-ended: 'notify: observe' ended at 2026-11-01T00:00:00Z: notifications are sent",
        ])
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINYSV8DKDPz5N8SxjUmb1bP9CUnsKifzjwITRSgXhwCw"
    #expect(
      told(
        .roleBinding,
        "role: owner\nsubjects: [{user: ana@example.com, signing_keys: [{key: \(key), valid_until: 2026-11-22T00:00:00Z}]}]"
      ).first?.hasPrefix("ends-soon: a signing key of ana@example.com ends") == true)
  }
}
