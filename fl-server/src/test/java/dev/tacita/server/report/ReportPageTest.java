package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final Pattern SCRIPT = Pattern.compile("<script( [^>]*)?>(.*?)</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    private static String page(SampleHistory sample) {
        return page(sample.history());
    }

    private static String page(RunHistory history) {
        return new String(new ReportPage(history, SampleReport.SURROUNDINGS).html(), StandardCharsets.UTF_8);
    }

    private static Document parse(String page) throws Exception {
        String markup = STYLE.matcher(SCRIPT.matcher(page).replaceAll("<script$1></script>"))
                .replaceAll("<style></style>")
                .replaceFirst("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(markup)));
    }

    private static List<Element> elements(Document page, String tag) {
        NodeList nodes = page.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void theFileLoadsNothing() throws Exception {
        String page = page(SampleHistory.small());
        for (Element element : elements(parse(page), "*")) {
            assertThat(element.hasAttribute("src")).as(element.getTagName()).isFalse();
            assertThat(element.hasAttribute("style")).as(element.getTagName()).isFalse();
            for (String name : List.of("href", "action", "data", "poster", "srcset", "background")) {
                assertThat(element.getAttribute(name)).as(element.getTagName()).isIn("", "data:,");
            }
        }
        Matcher style = STYLE.matcher(page);
        assertThat(style.find()).isTrue();
        assertThat(style.group(1)).doesNotContain("url(").doesNotContain("@import");
        assertThat(page).doesNotContain("sourceMappingURL");
    }

    @Test
    void itsPolicyForbidsTheNetworkAndNamesItsOwnScripts() throws Exception {
        String page = page(SampleHistory.small());
        String policy = elements(parse(page), "meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .findFirst()
                .orElseThrow()
                .getAttribute("content");
        assertThat(policy)
                .startsWith("default-src 'none';")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        Matcher script = SCRIPT.matcher(page);
        int allowed = 0;
        while (script.find()) {
            if (script.group(1) == null) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                byte[] hash = digest.digest(script.group(2).getBytes(StandardCharsets.UTF_8));
                assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
                allowed++;
            }
        }
        assertThat(allowed).isEqualTo(2);
    }

    @Test
    void textsOfStrangersStayTexts() throws Exception {
        String page = page(SampleHistory.hostile());
        Document document = parse(page);
        assertThat(elements(document, "img")).isEmpty();
        assertThat(elements(document, "script")).hasSize(3);
        assertThat(elements(document, "title").get(0).getTextContent())
                .isEqualTo("</script><img src=x onerror=alert(1)>\"'&{{data}}\ufffd\ufffd\u2028]]> – run report");
        assertThat(page).doesNotContain("<img").doesNotContain("\u202e").doesNotContain("\u0000");
        JsonNode data = data(page);
        assertThat(data.path("strip").path("reasons").path(0).asText()).contains("</script><img src=x");
        assertThat(data.path("classes").path("names").path(0).asText()).startsWith("</script><img");
    }

    @Test
    void everyTableHasACaptionAndHeaders() throws Exception {
        List<Element> tables = elements(parse(page(SampleHistory.small())), "table");
        assertThat(tables).hasSize(9).allSatisfy(table -> {
            assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1);
            assertThat(table.getElementsByTagName("thead").getLength()).isEqualTo(1);
        });
    }

    @Test
    void theChartsGetWhatTheSitesSaid() {
        JsonNode data = data(page(SampleHistory.small()));
        assertThat(data.path("rounds")).hasSize(15);
        assertThat(data.path("curves").path("trainingLoss").path("sites").path("lyon-sud"))
                .hasSize(15);
        assertThat(data.path("strip").path("rows").path(1).asText()).isEqualTo("ccccccmcccccccccc");
        assertThat(data.path("strip").path("rows").path(4).asText()).isEqualTo("n".repeat(17));
        assertThat(data.path("classes").path("names").toString())
                .isEqualTo("[\"benign\",\"malignant\",\"not shared\"]");
        assertThat(data.path("classes").path("counts").path(2).path(0).asLong()).isZero();
        assertThat(data.path("classes").path("counts").path(2).path(2).asLong()).isEqualTo(148);
    }

    @Test
    void aRunThatHasJustBegunHasAPageToo() throws Exception {
        SampleHistory sample = SampleHistory.small();
        for (int length = 0; length < 12; length++) {
            RunHistory begun =
                    RunHistory.of(sample.run, sample.plan, sample.journal().subList(0, length));
            assertThatCode(() -> parse(page(begun)))
                    .as("after %d messages", length)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aHundredSitesAndAThousandRoundsFitInFiveMegabytes() throws Exception {
        RunHistory history = SampleHistory.large(100, 1000).history();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        String page = page(history);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(page.length()).isLessThan(5_000_000);
        JsonNode data = data(page);
        assertThat(data.path("curves").path("accuracy").path("band").path("low"))
                .hasSize(1000);
        assertThat(data.path("curves").path("accuracy").has("sites")).isFalse();
        parse(page);
    }

    private static JsonNode data(String page) {
        Matcher script = SCRIPT.matcher(page);
        while (script.find()) {
            if (script.group(1) != null) {
                return Json.parse(script.group(2));
            }
        }
        throw new AssertionError("the page has no data");
    }
}
