import Foundation
import JSON
import Specs
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

@Suite struct `What belfry render prints of each kind of channel` {
  /// The documents of the examples in the kind's page, each with the name of its channel.
  private static func examples(of kind: ChannelKind) throws -> [(name: String, text: String)] {
    let page = try String(contentsOfFile: root + "/docs/channels/\(kind.rawValue).md", encoding: .utf8)
    let blocks = page.components(separatedBy: "```yaml tenants/").dropFirst().compactMap { block in
      block.components(separatedBy: "\n```").first?.drop { $0 != "\n" }
    }
    return blocks.flatMap { $0.components(separatedBy: "\n---\n") }.compactMap { text in
      guard text.contains("kind: Channel"), let range = text.firstRange(of: "name: ") else { return nil }
      let name = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
      return (String(name), text)
    }
  }

  @Test(arguments: ChannelKind.allCases) func `is readable and whole`(_ kind: ChannelKind) async throws {
    let examples = try Self.examples(of: kind)
    #expect(!examples.isEmpty)
    for (name, text) in examples {
      try await inWorld { world in
        try world.write(World.source("main", "http://127.0.0.1:9"), to: "alerts/platform/sources.yaml")
        try world.write(
          World.rules([("CheckoutErrors", "up == 0")], summary: "{{ $labels.instance }} answers with errors"),
          to: "alerts/tenants/shop/checkout/rules.yaml")
        try world.write(
          "apiVersion: belfry/v1\nkind: Tenant\nmetadata: {name: shop}\n---\n" + text,
          to: "alerts/tenants/shop/tenant.yaml")
        for more in [[], ["--resolved"], ["--count", "40"]] {
          let rendered = try await world.run(
            World.belfry,
            [
              "render", "--tenant", "shop", "--project", "checkout", "--channel", name, "--alert",
              "alertname=CheckoutErrors", "severity=critical", "instance=web-1",
            ] + more, in: "alerts")
          #expect(rendered.code == 0, "\(rendered.errors)")
          #expect(rendered.errors.isEmpty, "\(rendered.errors)")
          let tells = rendered.output.contains("CheckoutErrors") || rendered.output.contains("answers with errors")
          #expect(tells, "\(kind) \(more): \(rendered.output)")
          try Self.checkJSON(rendered.output, of: kind)
          if let folder = ProcessInfo.processInfo.environment["SHOW"] {
            let file = [kind.rawValue, name, more.last ?? "firing"].joined(separator: "-")
            try Data(rendered.output.utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
          }
        }
      }
    }
  }

  /// A request's body of JSON parses.
  private static func checkJSON(_ output: String, of kind: ChannelKind) throws {
    switch kind {
    case .console, .email, .sms: return
    default: break
    }
    for request in output.split(separator: "\n\nPOST ") {
      let start = try #require(request.firstRange(of: "\n\n"), "\(output)")
      #expect(throws: Never.self, "\(output)") { try JSONValue(parsing: String(request[start.upperBound...])) }
    }
  }
}
