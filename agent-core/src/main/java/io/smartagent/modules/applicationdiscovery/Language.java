package io.smartagent.modules.applicationdiscovery;

/** What a program is written in, or what its runtime runs. */
enum Language {
  BUN("Bun"),
  C("C"),
  CPP("C++"),
  DENO("Deno"),
  DOTNET(".NET"),
  ELIXIR("Elixir"),
  ERLANG("Erlang"),
  GO("Go"),
  JAVA("Java"),
  NODE("Node.js"),
  PERL("Perl"),
  PHP("PHP"),
  PYTHON("Python"),
  RUBY("Ruby"),
  RUST("Rust");

  private final String id;

  Language(String id) {
    this.id = id;
  }

  /** Returns its name in events and metrics. */
  String id() {
    return id;
  }
}
