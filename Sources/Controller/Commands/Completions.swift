import ArgumentParser

/// `belfry completions`: a script that lets a shell complete verbs, flags and their values.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a completion script for a shell.",
    discussion: """
      Example: source <(belfry completions bash)
      Example: belfry completions zsh > "${fpath[1]}/_belfry"
      Example: belfry completions fish > ~/.config/fish/completions/belfry.fish
      """)

  /// The shells that there is a script for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Console.result(Belfry.completionScript(for: kind))
  }
}
