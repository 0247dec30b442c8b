<?php
/**
 * The subscribe form that needs no Contact Form 7.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use DOMDocument;
use DOMElement;
use DOMXPath;
use Gateway_Connector\Installation;
use Gateway_Connector\Signed_Fields;
use Gateway_Connector\Visitor;
use RuntimeException;

final class Subscribe_Form_Test extends Plugin_Test_Case {

	private const TAG = '[gateway_connector_subscribe list="lst_1" name="yes" label="Yes, I\'d like news &amp; offers."'
		. ' policy="https://shop.example/privacy%20policy" title="Footer" language="fr_FR"]';

	private const TYPED = array(
		'gateway-email'   => 'ann@example.org',
		'gateway-name'    => "Ann O'Brien 50% \\ Lee",
		'gateway-consent' => '1',
	);

	/**
	 * Where the last redirect led.
	 */
	private string $location = '';

	private string $uri = '';

	protected function setUp(): void {
		parent::setUp();
		$this->uri              = $_SERVER['REQUEST_URI'];
		$_SERVER['REQUEST_URI'] = '/about/?lang=fr';
		$this->location         = '';
		$this->filter(
			'wp_redirect',
			function ( string $location, int $status ): void {
				$this->location = $location;
				throw new RuntimeException( "redirected with {$status}" );
			},
			2
		);
	}

	protected function tearDown(): void {
		$_GET                   = array();
		$_SERVER['REQUEST_URI'] = $this->uri;
		parent::tearDown();
	}

	public function test_a_sign_up_becomes_one_row_as_the_gateway_wants_it_and_asks_nobody(): void {
		$this->submit( self::TAG, self::TYPED );

		$row = $this->row();
		self::assertSame( array( 'waiting', '0' ), array( $row->state, (string) $row->form_id ) );
		self::assertSame(
			array(
				'form'      => array(
					'id'     => 'subscribe-footer',
					'title'  => 'Footer',
					'url'    => untrailingslashit( home_url() ) . '/about/?lang=fr',
					'locale' => 'fr_FR',
				),
				'fields'    => array(
					'email' => 'ann@example.org',
					'name'  => "Ann O'Brien 50% \\ Lee",
				),
				'visitor'   => array(
					'ip'        => '203.0.113.7',
					'userAgent' => 'Mozilla/5.0 (Test)',
				),
				'subscribe' => array(
					array(
						'list'       => 'lst_1',
						'email'      => 'email',
						'name'       => 'name',
						'consent'    => array(
							'given'     => true,
							'text'      => "Yes, I'd like news & offers.",
							'policyUrl' => 'https://shop.example/privacy%20policy',
						),
						'properties' => array(),
					),
				),
			),
			array_diff_key( $row->submission, array( 'key' => 0, 'submittedAt' => 0 ) )
		);
		self::assertLessThan( 5, abs( strtotime( $row->submission['submittedAt'] ) - time() ) );
		self::assertSame( array(), $this->gateway->requests );
	}

	public function test_without_script_the_visitor_comes_back_to_the_form_and_reads_what_happens_next(): void {
		$tag = '[gateway_connector_subscribe list="lst_1" success="Look into your mailbox."]';

		$this->submit( $tag, self::TYPED );

		self::assertSame( 1, preg_match( '~^/about/\?lang=fr&(gateway-form-\d+)=sent#\1$~', $this->location, $place ), $this->location );
		$_GET  = array( $place[1] => 'sent' );
		$again = $this->render( $tag );
		self::assertSame( 'Look into your mailbox.', $this->one( $again, '//*[@role="status"]' )->textContent );
		self::assertCount( 0, $again->query( '//form' ) );
	}

	public function test_the_box_is_labelled_and_never_ticked_in_advance(): void {
		$page = $this->render( '[gateway_connector_subscribe list="lst_1" checked="checked" label="Yes, please."]' );

		$box = $this->one( $page, '//input[@type="checkbox"]' );
		self::assertFalse( $box->hasAttribute( 'checked' ) );
		self::assertTrue( $box->hasAttribute( 'required' ) );
		self::assertSame( 'Yes, please.', $this->one( $page, sprintf( '//label[@for="%s"]', $box->getAttribute( 'id' ) ) )->textContent );
	}

	public function test_every_visible_field_has_a_label_and_no_id_comes_twice(): void {
		$page = $this->render( self::TAG . self::TAG );

		foreach ( $page->query( '//input[not(@type="hidden") and not(@tabindex)]' ) as $input ) {
			$this->one( $page, sprintf( '//label[@for="%s"]', $input->getAttribute( 'id' ) ) );
		}
		$ids = array_map( static fn( $attribute ) => $attribute->value, iterator_to_array( $page->query( '//@id' ) ) );
		self::assertSame( array_unique( $ids ), $ids );
		self::assertCount( 2, $page->query( '//form' ) );
	}

	public function test_the_name_is_asked_for_only_when_the_author_wants_it_and_then_need_not_be_given(): void {
		$page = $this->render( '[gateway_connector_subscribe list="lst_1"]' );
		self::assertCount( 0, $page->query( '//input[@name="gateway-name"]' ) );

		$this->submit( '[gateway_connector_subscribe list="lst_1"]', self::TYPED );
		$this->submit( self::TAG, array( 'gateway-name' => '' ) + self::TYPED );

		foreach ( $this->rows() as $row ) {
			self::assertSame( array( 'email' => 'ann@example.org' ), $row->submission['fields'] );
			self::assertArrayNotHasKey( 'name', $row->submission['subscribe'][0] );
		}
	}

	public function test_a_form_of_few_words_uses_ours_and_the_sites_policy(): void {
		$policy = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Privacy' ) );
		update_option( 'wp_page_for_privacy_policy', $policy );

		$page = $this->render( '[gateway_connector_subscribe list="lst_1"]' );
		$this->submit( '[gateway_connector_subscribe list="lst_1"]', self::TYPED );

		$url = get_permalink( $policy );
		delete_option( 'wp_page_for_privacy_policy' );
		wp_delete_post( $policy, true );
		$submission = $this->row()->submission;
		self::assertSame( $url, $this->one( $page, '//a' )->getAttribute( 'href' ) );
		self::assertSame(
			array( 'subscribe', 'Subscribe form', 'en_US' ),
			array( $submission['form']['id'], $submission['form']['title'], $submission['form']['locale'] )
		);
		self::assertSame(
			array( 'given' => true, 'text' => 'Yes, send me the newsletter.', 'policyUrl' => $url ),
			$submission['subscribe'][0]['consent']
		);
	}

	public function test_the_words_on_an_old_page_are_the_proof_even_after_the_form_has_changed(): void {
		$cached = $this->fields( $this->render( '[gateway_connector_subscribe list="lst_1" label="The old words."]' ) );
		$this->render( '[gateway_connector_subscribe list="lst_2" label="The new words."]' );

		$this->post_fields(
			self::TYPED + array( 'gateway-time' => Signed_Fields::sign( array( time() - 30 * DAY_IN_SECONDS ) ) ) + $cached
		);

		$subscription = $this->row()->submission['subscribe'][0];
		self::assertSame( array( 'lst_1', 'The old words.' ), array( $subscription['list'], $subscription['consent']['text'] ) );
	}

	/** @dataProvider forgeries */
	public function test_nobody_can_subscribe_with_other_words_or_to_another_list( callable $forge ): void {
		$fields                 = $this->fields( $this->render( self::TAG ) );
		$fields['gateway-form'] = $forge( $fields['gateway-form'] );

		$this->post_fields( self::TYPED + $this->aged( $fields ) );

		self::assertSame( array(), $this->rows() );
		self::assertSame( '', $this->location );
	}

	public function forgeries(): array {
		$other = rtrim( strtr( base64_encode( '{"list":"lst_2","label":"I agree to all."}' ), '+/', '-_' ), '=' );
		return array(
			'other content'    => array( static fn( string $signed ) => $other . strrchr( $signed, '.' ) ),
			'no signature'        => array( static fn( string $signed ) => $other ),
			'empty'            => array( static fn( string $signed ) => '' ),
			'another signature' => array( static fn( string $signed ) => Signed_Fields::sign( array( time() ) ) ),
			'a list of values' => array( static fn( string $signed ) => array( $signed ) ),
		);
	}

	/** @dataProvider mistakes */
	public function test_a_mistake_is_explained_and_what_was_typed_stays( array $typed, string $said ): void {
		$tag = '[gateway_connector_subscribe list="lst_1" name="yes"]';

		$page = $this->submit( $tag, $typed + self::TYPED );

		self::assertSame( array( '', array() ), array( $this->location, $this->rows() ) );
		self::assertStringContainsString( $said, $this->one( $page, '//*[@role="status"]' )->textContent );
		self::assertSame( self::TYPED['gateway-name'], $this->one( $page, '//input[@name="gateway-name"]' )->getAttribute( 'value' ) );
	}

	public function mistakes(): array {
		return array(
			'no address'           => array( array( 'gateway-email' => '' ), 'complete email address' ),
			'half an address'      => array( array( 'gateway-email' => 'ann@' ), 'complete email address' ),
			'two addresses'        => array(
				array( 'gateway-email' => "ann@example.org\nbcc: bob@example.org" ),
				'complete email address',
			),
			'too long'             => array(
				array( 'gateway-email' => str_repeat( 'a', 250 ) . '@example.org' ),
				'complete email address',
			),
			'several values'       => array( array( 'gateway-email' => array( 'ann@example.org' ) ), 'complete email address' ),
			'the box is not ticked' => array( array( 'gateway-consent' => null ), 'tick the box' ),
		);
	}

	public function test_a_bot_that_fills_in_every_field_gets_the_answer_of_a_person_and_nothing_is_kept(): void {
		$this->submit( self::TAG, array( 'gateway-topic' => 'https://spam.example' ) + self::TYPED );

		self::assertStringContainsString( '=sent#', $this->location );
		self::assertSame( array(), $this->rows() );
	}

	public function test_a_bot_that_leaves_out_what_it_does_not_know_is_one_too(): void {
		$this->submit( self::TAG, array( 'gateway-topic' => null ) + self::TYPED );

		self::assertSame( array(), $this->rows() );
	}

	public function test_the_trap_is_out_of_reach_for_people(): void {
		$trap = $this->one( $this->render( self::TAG ), '//input[@name="gateway-topic"]' );

		self::assertSame(
			array( '-1', 'off', '' ),
			array( $trap->getAttribute( 'tabindex' ), $trap->getAttribute( 'autocomplete' ), $trap->getAttribute( 'value' ) )
		);
		self::assertSame( 'true', $trap->parentNode->parentNode->getAttribute( 'aria-hidden' ) );
	}

	public function test_whoever_is_too_fast_is_asked_to_press_once_more_and_loses_nothing(): void {
		$fields = $this->fields( $this->render( self::TAG ) );

		$this->post_fields( self::TYPED + $fields );
		self::assertSame( array( '', array() ), array( $this->location, $this->rows() ) );

		$this->post_fields( self::TYPED + $this->aged( $fields ) );
		self::assertCount( 1, $this->rows() );
	}

	public function test_after_a_mistake_the_time_goes_on_and_does_not_begin_anew(): void {
		$page = $this->submit( self::TAG, array( 'gateway-email' => 'ann' ) + self::TYPED );

		$this->post_fields( self::TYPED + $this->fields( $page ) );

		self::assertCount( 1, $this->rows() );
	}

	/** @dataProvider times */
	public function test_a_time_that_is_not_ours_does_not_count( string $time ): void {
		$this->post_fields( self::TYPED + array( 'gateway-time' => $time ) + $this->fields( $this->render( self::TAG ) ) );

		self::assertSame( array(), $this->rows() );
	}

	public function times(): array {
		return array( array( '' ), array( '0' ), array( 'WzFd.' . str_repeat( '0', 64 ) ) );
	}

	public function test_a_server_whose_clock_is_ahead_stops_nobody(): void {
		$this->post_fields(
			self::TYPED + array(
				'gateway-time' => Signed_Fields::sign( array( time() + 300 ) ),
			) + $this->fields( $this->render( self::TAG ) )
		);

		self::assertCount( 1, $this->rows() );
	}

	public function test_a_flood_from_one_address_ends_and_other_visitors_do_not_notice(): void {
		$this->filter( 'gateway_connector_visitor_limit', static fn() => 2 );
		for ( $i = 0; $i < 4; $i++ ) {
			$this->submit( self::TAG, self::TYPED );
		}
		self::assertCount( 2, $this->rows() );

		$_SERVER['REMOTE_ADDR'] = '198.51.100.9';
		$this->submit( self::TAG, self::TYPED );
		self::assertCount( 3, $this->rows() );
	}

	public function test_the_limit_keeps_no_address_and_goes_with_the_plugin(): void {
		global $wpdb;
		$this->submit( self::TAG, self::TYPED );
		$kept = static fn() => $wpdb->get_col(
			$wpdb->prepare(
				'SELECT CONCAT(option_name, option_value) FROM %i WHERE option_name LIKE %s',
				$wpdb->options,
				'%' . Visitor::TRANSIENT . '%'
			)
		);
		self::assertCount( 2, $kept() );
		self::assertStringNotContainsString( '203.0.113.7', implode( $kept() ) );

		Installation::remove();

		self::assertSame( array(), $kept() );
	}

	public function test_the_same_person_twice_gets_the_same_answer(): void {
		$this->submit( self::TAG, self::TYPED );
		$first = $this->location;
		$this->submit( self::TAG, self::TYPED );

		self::assertSame( preg_replace( '/\d+/', '', $first ), preg_replace( '/\d+/', '', $this->location ) );
		self::assertCount( 2, $this->rows() );
	}

	public function test_a_visitor_hears_when_it_could_not_be_stored(): void {
		$this->refuse_storage();

		$page = $this->submit( '[gateway_connector_subscribe list="lst_1"]', self::TYPED );

		self::assertStringContainsString( 'could not be stored', $this->one( $page, '//*[@role="status"]' )->textContent );
		self::assertSame( self::TYPED['gateway-email'], $this->one( $page, '//input[@type="email"]' )->getAttribute( 'value' ) );
	}

	public function test_the_sites_code_sees_the_sign_up_as_it_sees_every_submission(): void {
		$this->filter(
			'gateway_connector_filter_submission',
			static function ( array $submission, $form ): array {
				self::assertNull( $form );
				self::assertSame( 'subscribe-footer', $submission['form']['id'] );
				$submission['visitor']['ip'] = wp_privacy_anonymize_ip( $submission['visitor']['ip'] );
				return $submission;
			},
			2
		);

		$this->submit( self::TAG, self::TYPED );

		self::assertSame( '203.0.113.0', $this->row()->submission['visitor']['ip'] );
	}

	public function test_a_redirect_stays_on_the_site(): void {
		$_SERVER['REQUEST_URI'] = '//evil.example/x';

		$this->submit( self::TAG, self::TYPED );

		self::assertStringNotContainsString( 'evil.example', $this->location );
	}

	public function test_without_a_list_visitors_see_nothing_and_authors_a_hint(): void {
		self::assertStringContainsString( 'choose a mailing list', do_shortcode( '[gateway_connector_subscribe]' ) );
		wp_set_current_user( 0 );
		self::assertSame( '', do_shortcode( '[gateway_connector_subscribe]' ) );
	}

	public function test_what_an_author_writes_cannot_become_script(): void {
		$evil = '"><script>alert(1)</script>';

		$html = render_block(
			array(
				'blockName'    => 'gateway-connector/subscribe',
				'attrs'        => array(
					'list' => 'lst_1' . $evil,
					'label' => $evil,
					'button' => $evil,
					'policy' => 'javascript:alert(1)',
					'success' => $evil,
					'language' => $evil,
					'title' => $evil,
				),
				'innerBlocks'  => array(),
				'innerHTML'    => '',
				'innerContent' => array(),
			)
		);

		self::assertStringContainsString( '<form', $html );
		self::assertStringNotContainsString( '<script', $html );
		self::assertStringNotContainsString( 'javascript:', $html );
	}

	public function test_what_a_visitor_types_cannot_become_script(): void {
		$page = $this->submit( self::TAG, array( 'gateway-email' => '"><script>alert(1)</script>' ) + self::TYPED );

		self::assertCount( 0, $page->query( '//script' ) );
		self::assertSame( '"><script>alert(1)</script>', $this->one( $page, '//input[@type="email"]' )->getAttribute( 'value' ) );
	}

	public function test_the_block_shows_what_the_shortcode_shows(): void {
		$block = do_blocks( '<!-- wp:gateway-connector/subscribe {"list":"lst_1","label":"Yes.","textColor":"accent-1"} /-->' );
		$code  = do_shortcode( '[gateway_connector_subscribe list="lst_1" label="Yes."]' );

		self::assertStringContainsString( 'wp-block-gateway-connector-subscribe', $block );
		self::assertStringContainsString( 'has-accent-1-color', $block );
		$form = static fn( string $html ): string => preg_replace(
			array( '~^.*?<form~s', '~gateway-form-\d+~', '~value="[\w-]+\.\w{64}"~' ),
			array( '<form', 'gateway-form-N', 'value="signed"' ),
			$html
		);
		self::assertSame( $form( $code ), $form( $block ) );
		self::assertTrue(
			wp_style_is( 'gateway-connector-subscribe', 'enqueued' ) && wp_script_is( 'gateway-connector-subscribe', 'enqueued' )
		);
	}

	public function test_a_feed_has_no_form(): void {
		global $wp_query;
		$wp_query->is_feed = true;

		$html = do_shortcode( self::TAG );

		$wp_query->is_feed = false;
		self::assertSame( '', $html );
	}

	/**
	 * Sends a form as a browser without script does, and gives the page that comes back; an empty one after a redirect.
	 *
	 * @param string $tag   The shortcode.
	 * @param array  $typed What the visitor types, by name; null for what is not sent.
	 */
	private function submit( string $tag, array $typed ): DOMXPath {
		$fields = $this->aged( $this->fields( $this->render( $tag ) ) );
		// Every request counts its forms from one; the tests are one request.
		$fields['gateway-form-place'] = self::next_place( $fields['gateway-form-place'] );
		$this->post_fields( array_filter( $typed + $fields, static fn( $value ) => null !== $value ) );
		return '' === $this->location ? $this->render( $tag ) : new DOMXPath( new DOMDocument() );
	}

	private static function next_place( string $place ): string {
		return 'gateway-form-' . ( 1 + (int) preg_replace( '/\D/', '', $place ) );
	}

	private function post_fields( array $fields ): void {
		$this->location = '';
		$_POST          = wp_slash( $fields );
		try {
			do_action( 'wp_loaded' );
		} catch ( RuntimeException $end ) {
			self::assertSame( 'redirected with 303', $end->getMessage() );
		}
	}

	/**
	 * The fields of a page that was made a while ago.
	 */
	private function aged( array $fields ): array {
		return array( 'gateway-time' => Signed_Fields::sign( array( time() - 60 ) ) ) + $fields;
	}

	/**
	 * What a form brings along.
	 *
	 * @return array<string,string>
	 */
	private function fields( DOMXPath $page ): array {
		$fields = array();
		foreach ( $page->query( '//input[@type="hidden" or @tabindex]' ) as $input ) {
			$fields[ $input->getAttribute( 'name' ) ] = $input->getAttribute( 'value' );
		}
		return $fields;
	}

	/**
	 * A page with this content.
	 */
	private function render( string $content ): DOMXPath {
		$page = new DOMDocument();
		self::assertTrue( $page->loadHTML( '<?xml encoding="utf-8"?><div>' . do_shortcode( $content ) . '</div>', LIBXML_NOERROR ) );
		return new DOMXPath( $page );
	}

	private function one( DOMXPath $page, string $path ): DOMElement {
		$found = $page->query( $path );
		self::assertCount( 1, $found, $path );
		return $found->item( 0 );
	}
}
