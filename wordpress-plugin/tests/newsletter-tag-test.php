<?php
/**
 * The form-tag for consent.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use DOMDocument;
use DOMElement;
use WPCF7_TagGenerator;

final class Newsletter_Tag_Test extends Plugin_Test_Case {

	public function test_the_tag_is_a_labelled_box_that_is_not_ticked(): void {
		$box = $this->box( '[newsletter newsletter-1 "Yes, send me the newsletter."]' );

		self::assertSame(
			array( 'checkbox', 'newsletter-1', '1' ),
			array( $box->getAttribute( 'type' ), $box->getAttribute( 'name' ), $box->getAttribute( 'value' ) )
		);
		self::assertFalse( $box->hasAttribute( 'checked' ) );
		self::assertSame( 'label', $box->parentNode->nodeName );
	}

	public function test_the_tag_cannot_be_ticked_in_advance(): void {
		self::assertFalse( $this->box( '[newsletter newsletter-1 default:on default:1 "Yes"]' )->hasAttribute( 'checked' ) );
	}

	/** @dataProvider wordings */
	public function test_the_wording_shown_is_the_wording_kept( string $tag, string $wording ): void {
		$form = $this->create_form( "[email* your-email]\n" . $tag );

		$this->post( $form, array( 'your-email' => 'ann@example.org', 'newsletter-1' => '1' ) );

		self::assertSame( $wording, $this->row()->submission['subscribe'][0]['consent']['text'] );
		self::assertSame( $wording, $this->box( $tag )->parentNode->textContent );
	}

	public function wordings(): array {
		return array(
			'as value'   => array(
				'[newsletter newsletter-1 "Yes, I\'d like news & offers | monthly"]',
				"Yes, I'd like news & offers | monthly",
			),
			'as content' => array(
				'[newsletter newsletter-1]Yes, see the <a href="/p">policy</a> &amp; terms[/newsletter]',
				'Yes, see the policy & terms',
			),
		);
	}

	public function test_the_box_can_link_to_the_policy_that_the_tab_names_and_the_proof_says_so(): void {
		$form = $this->create_form( '[email* your-email][newsletter newsletter-1 policy "Yes, send me the newsletter."]' );

		$html = do_shortcode( sprintf( '[contact-form-7 id="%d"]', $form->id() ) );
		$this->post( $form, array( 'your-email' => 'ann@example.org', 'newsletter-1' => '1' ) );

		self::assertStringContainsString(
			'Yes, send me the newsletter. <a href="https://shop.example/privacy" target="_blank" rel="noopener">Privacy policy</a>',
			$html
		);
		$consent = $this->row()->submission['subscribe'][0]['consent'];
		self::assertSame(
			array( 'Yes, send me the newsletter. Privacy policy', 'https://shop.example/privacy' ),
			array( $consent['text'], $consent['policyUrl'] )
		);
	}

	public function test_without_an_address_of_its_own_the_box_links_to_the_sites_privacy_page(): void {
		$page = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Datenschutz' ) );
		update_option( 'wp_page_for_privacy_policy', $page );
		$form = $this->create_form(
			'[email* your-email][newsletter newsletter-1 policy "Ja, gerne."]',
			array( 'policy_url' => '' ) + self::SUBSCRIPTION
		);

		$html = do_shortcode( sprintf( '[contact-form-7 id="%d"]', $form->id() ) );

		$link = sprintf( 'Ja, gerne. <a href="%s" target="_blank" rel="noopener">Datenschutz</a>', esc_url( get_permalink( $page ) ) );
		wp_delete_post( $page, true );
		delete_option( 'wp_page_for_privacy_policy' );
		self::assertStringContainsString( $link, $html );
	}

	public function test_script_in_the_wording_does_not_reach_the_page(): void {
		$html = $this->render( '[newsletter newsletter-1]Yes <script>alert(1)</script>[/newsletter]' );

		self::assertStringNotContainsString( '<script>alert', $html );
		self::assertStringContainsString( 'name="newsletter-1"', $html );
	}

	public function test_a_box_without_words_is_not_shown(): void {
		$html = $this->render( '[newsletter newsletter-1]' );

		self::assertStringContainsString( '<form', $html );
		self::assertStringNotContainsString( 'type="checkbox"', $html );
	}

	public function test_the_editor_has_a_generator_for_the_tag(): void {
		$generator = WPCF7_TagGenerator::get_instance();

		self::assertStringContainsString( 'tag-generator-panel-newsletter', self::output( array( $generator, 'print_buttons' ) ) );
		$dialog = self::output( fn() => $generator->print_panels( $this->create_form() ) );
		self::assertMatchesRegularExpression(
			'~data-id="newsletter".*?Newsletter checkbox form-tag generator.*?data-tag-part="value".*?Yes, send me the newsletter\.'
				. '.*?data-tag-option="policy"~s',
			$dialog
		);
	}

	private function render( string $form ): string {
		return do_shortcode( sprintf( '[contact-form-7 id="%d"]', $this->create_form( $form )->id() ) );
	}

	private function box( string $tag ): DOMElement {
		$page = new DOMDocument();
		self::assertTrue( $page->loadHTML( '<?xml encoding="utf-8"?>' . $this->render( $tag ), LIBXML_NOERROR ) );
		foreach ( $page->getElementsByTagName( 'input' ) as $input ) {
			if ( 'newsletter-1' === $input->getAttribute( 'name' ) ) {
				return $input;
			}
		}
		self::fail( 'The form shows no box.' );
	}
}
