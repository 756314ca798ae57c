import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

@Suite struct `A chat's own template` {
  /// The first request's body of each chat with this template.
  private static func bodies(_ title: String, _ text: String) async -> [String: JSONValue] {
    var templates = MessageTemplates()
    templates.title = title
    templates.text = text
    let context = ChannelContext(
      id: oncall, style: MessageStyle(templates: CompiledTemplates(templates)),
      secrets: ScriptedSecrets(secrets: ["bot": "123456:abc"]), clock: TestClock(now: start), nonce: { "0" })
    let chat = pool("https://chat.example.com")
    let channels: [String: any Channel] = [
      "slack": SlackChannel(SlackSpec(pool: chat), context: context),
      "teams": TeamsChannel(TeamsSpec(pool: chat), context: context),
      "telegram": TelegramChannel(TelegramSpec(pool: chat, token: "bot", chat: "1"), context: context),
      "discord": DiscordChannel(DiscordSpec(pool: chat), context: context),
      "mattermost": MattermostChannel(MattermostSpec(pool: chat), context: context),
      "ntfy": NtfyChannel(NtfySpec(pool: chat, topic: .plain("a")), context: context),
    ]
    var bodies: [String: JSONValue] = [:]
    for (name, channel) in channels {
      let transport = ScriptedTransport(answer(400))
      _ = await outcome(of: SampleMessage.firing.post, by: channel, over: transport)
      bodies[name] = (await transport.requests.first).flatMap { try? JSONValue(parsing: $0.body) }
    }
    return bodies
  }

  @Test func `is sent as it is, in place of the usual text`() async {
    let bodies = await Self.bodies("T <{{ .Status }}>", "*raw* <b>{{ .CommonLabels.alertname }}</b>")
    let raw: JSONValue = "*raw* <b>HighCPU</b>"
    #expect(bodies["slack"]?["text"] == "*T &lt;firing&gt;*")
    #expect(bodies["slack"]?["attachments"]?[0]?["blocks"]?[0]?["text"]?["text"] == raw)
    #expect(bodies["slack"]?["attachments"]?[0]?["blocks"]?.array?.count == 1)
    #expect(bodies["teams"]?["attachments"]?[0]?["content"]?["body"]?[1]?["text"] == raw)
    #expect(bodies["telegram"]?["text"] == "<b>T &lt;firing&gt;</b>\n\n*raw* <b>HighCPU</b>")
    #expect(bodies["discord"]?["embeds"]?[0]?["title"] == #"T \<firing>"#)
    #expect(bodies["discord"]?["embeds"]?[0]?["description"] == raw)
    #expect(bodies["mattermost"]?["attachments"]?[0]?["text"] == raw)
    #expect(bodies["ntfy"]?["title"] == "T <firing>")
    #expect(bodies["ntfy"]?["message"] == raw)
  }

  @Test func `gives way to the usual text where it is too long, which says so`() async {
    let bodies = await Self.bodies("T", String(repeating: "long ", count: 8000))
    for (name, body) in bodies {
      let text = body.text
      #expect(!text.contains("long long"), "\(name)")
      #expect(text.contains("template failed") && text.contains("HighCPU"), "\(name)")
      #expect(text.utf8.count < 26_000)
    }
    #expect(bodies.count == 6)
  }
}
