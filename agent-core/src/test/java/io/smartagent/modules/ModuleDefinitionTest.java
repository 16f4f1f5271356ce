package io.smartagent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.Setting;
import io.smartagent.needs.HostPath;
import io.smartagent.needs.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every definition is complete. */
final class ModuleDefinitionTest {

  static List<ModuleDefinition> modules() {
    return ModuleCatalog.modules();
  }

  @Test
  void theyAreSortedAndEachIsThereOnce() {
    assertThat(modules()).extracting(ModuleDefinition::id).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void isInThePackageOfItsModule(ModuleDefinition module) {
    String room = ModuleCatalog.class.getPackageName() + "." + module.id().replace("-", "");

    assertThat(module.getClass().getPackageName()).isEqualTo(room);
    assertThat(module.create().getClass().getPackageName()).isEqualTo(room);
    assertThat(module.create()).as("each one is new").isNotSameAs(module.create());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void saysWhatItDoesAndWhatIsLostWithoutIt(ModuleDefinition module) {
    assertThat(module.id()).matches("[a-z]+(-[a-z]+)*");
    assertThat(module.summary()).isNotBlank().doesNotEndWith(".");
    assertThat(module.loss()).isNotBlank().doesNotEndWith(".");
    assertThat(module.telemetry().metrics()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void saysWhatEverySourceOpens(ModuleDefinition module) {
    assertThat(module.needs().sources()).extracting(Source::name).doesNotHaveDuplicates();
    for (Source source : module.needs().sources()) {
      assertThat(source.name()).matches("[a-z]+(-[a-z]+)*");
      assertThat(source.host().paths().size() + source.host().sockets().size())
          .as("what %s opens", source.name())
          .isPositive();
      assertThat(source.host().paths())
          .extracting(HostPath::path)
          .doesNotHaveDuplicates()
          .allMatch(path -> path.startsWith("/") && !path.endsWith("/"));
      assertThat(source.host().systemCalls()).allMatch(name -> name.matches("[a-z0-9_]+"));
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void hasSettingsThatAreDocumentedAndValidByDefault(ModuleDefinition module) {
    assertThat(module.settings()).containsAll(module.followedSettings());
    for (Setting<?> setting : module.settings()) {
      assertThat(setting.variable()).matches("SMARTAGENT_[A-Z]+(_[A-Z]+)*");
      assertThat(setting.parse(setting.defaultText())).as(setting.variable()).isPresent();
      assertThat(setting.help()).isNotBlank().doesNotEndWith(".");
      assertThat(setting.accepted()).isNotBlank().doesNotEndWith(".");
      assertThat(setting.argument()).isNotBlank();
    }
  }
}
