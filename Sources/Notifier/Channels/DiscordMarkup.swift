/// Discord's markdown (https://support.discord.com/hc/en-us/articles/210298617): a backslash takes any mark's meaning.
package enum DiscordMarkup: ChatMarkup {
  package static func escaped(_ text: String) -> String {
    // `||` is a spoiler, `-#` small print, `<@1>` a mention, `[a](b)` a link that hides where it leads.
    ChatMarkdown.escaped(text.withoutCalls, marks: "\\*_~`|<", hasEntities: false)
  }
}
