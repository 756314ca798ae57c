/// Mattermost's Markdown (https://docs.mattermost.com/collaborate/format-messages.html).
package enum MattermostMarkup: ChatMarkup {
  package static func escaped(_ text: String) -> String {
    // `~` names a channel. HTML is shown as it is written.
    ChatMarkdown.escaped(text.withoutCalls, marks: "\\*_~`|", hasEntities: true)
  }
}
