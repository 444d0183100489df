package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void textIsShownAsTextAndNothingRuns() {
        String html = new String(
                new Page("an <audit>", "a & b")
                        .section("<script>alert(1)</script>")
                        .paragraph("1 < 2")
                        .table("\"figures\"", List.of("Name", "#Value"), List.of(List.of("<b>", "3")))
                        .section("second")
                        .note("it's")
                        .html(),
                StandardCharsets.UTF_8);

        assertThat(html)
                .contains("<title>a &amp; b – an &lt;audit&gt;</title>")
                .contains("<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>")
                .contains("<p>1 &lt; 2</p>", "<p class=\"note\">it&#39;s</p>")
                .contains("<th scope=\"row\">&lt;b&gt;</th><td class=\"n\">3</td>")
                .contains("default-src 'none'")
                .doesNotContain("<script", "<b>");
        assertThat(html.split("<section>", -1)).hasSize(3);
        assertThat(html.split("</section>", -1)).hasSize(3);
    }
}
