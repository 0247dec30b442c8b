<?php
/**
 * From the form into the spool.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Spool;
use RuntimeException;

final class Form_Listener_Test extends Plugin_Test_Case {

	private const FIELDS = array(
		'your-name'    => 'Ann',
		'your-email'   => 'ann@example.org',
		'your-city'    => 'Lyon',
		'topics'       => array( 'news', 'offers' ),
		'newsletter-1' => '1',
	);

	public function test_a_submission_becomes_one_row_as_the_gateway_wants_it(): void {
		$form = $this->create_form();

		self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS ) );

		$row = $this->row();
		self::assertSame(
			array( 'waiting', (string) $form->id(), '0' ),
			array( $row->state, (string) $row->form_id, (string) $row->attempts )
		);
		self::assertSame( $row->submission_key, $row->submission['key'] );
		self::assertLessThan( 5, abs( strtotime( $row->submission['submittedAt'] ) - time() ) );
		self::assertSame(
			array(
				'form'      => array(
					'id'     => (string) $form->id(),
					'title'  => 'Contact',
					'url'    => home_url( '/contact/' ),
					'locale' => 'en_US',
				),
				'fields'    => self::FIELDS,
				'visitor'   => array(
					'ip'        => '203.0.113.7',
					'userAgent' => 'Mozilla/5.0 (Test)',
				),
				'subscribe' => array(
					array(
						'list'       => 'lst_1',
						'email'      => 'your-email',
						'name'       => 'your-name',
						'properties' => array( 'city' => 'your-city' ),
						'consent'    => array(
							'given'         => true,
							'text'          => 'Yes, send me the newsletter.',
							'policyUrl'     => 'https://shop.example/privacy',
							'policyVersion' => '2026-05',
						),
					),
				),
			),
			array_diff_key( $row->submission, array( 'key' => 0, 'submittedAt' => 0 ) )
		);
	}

	public function test_the_visitors_request_asks_nobody(): void {
		$this->post( $this->create_form(), self::FIELDS );

		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_the_opt_in_survives_when_the_sites_own_mail_fails(): void {
		$this->filter( 'pre_wp_mail', '__return_false', 1, 99 );

		self::assertSame( 'mail_failed', $this->post( $this->create_form(), self::FIELDS ) );
		self::assertTrue( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	public function test_without_the_tick_the_submission_is_kept_and_consent_is_not_given(): void {
		$this->post( $this->create_form(), array( 'newsletter-1' => '' ) + self::FIELDS );

		$consent = $this->row()->submission['subscribe'][0]['consent'];
		self::assertFalse( $consent['given'] );
		self::assertSame( 'Yes, send me the newsletter.', $consent['text'] );
	}

	/** @dataProvider acceptances */
	public function test_an_acceptance_field_proves_consent_with_its_text( string $tag, array $posted, bool $given, string $text ): void {
		$form = $this->create_form( self::FORM . $tag, array( 'consent' => 'agree' ) + self::SUBSCRIPTION );

		$this->post( $form, $posted + self::FIELDS );

		$consent = $this->row()->submission['subscribe'][0]['consent'];
		self::assertSame( array( $given, $text ), array( $consent['given'], $consent['text'] ) );
	}

	public function acceptances(): array {
		$tag = '[acceptance agree optional] I agree to the <a href="/privacy">privacy&nbsp;policy</a> &amp; terms. [/acceptance]';
		return array(
			'ticked'                  => array( $tag, array( 'agree' => '1' ), true, 'I agree to the privacy policy & terms.' ),
			'not ticked'              => array( $tag, array(), false, 'I agree to the privacy policy & terms.' ),
			'a tick that says no'     => array(
				'[acceptance agree optional invert]No, thanks.[/acceptance]',
				array( 'agree' => '1' ),
				false,
				'',
			),
			'a box without words'     => array( '[acceptance agree optional]', array( 'agree' => '1' ), false, '' ),
			'a box that is not there' => array( '', array( 'agree' => '1' ), false, '' ),
		);
	}

	public function test_a_value_other_than_the_boxs_own_is_no_consent(): void {
		$this->post( $this->create_form(), array( 'newsletter-1' => 'no' ) + self::FIELDS );

		self::assertFalse( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	/** @dataProvider names */
	public function test_a_name_arrives_as_it_was_typed( string $name ): void {
		$this->post( $this->create_form(), array( 'your-name' => $name ) + self::FIELDS );

		$row = $this->row();
		self::assertSame( $name, $row->submission['fields']['your-name'] );
		self::assertMatchesRegularExpression( '/^[\x20-\x7E]+$/', $row->payload, 'ASCII fits tables of any charset' );
	}

	public function names(): array {
		return array(
			'apostrophe' => array( "Ann O'Brien" ),
			'two spaces' => array( 'Ann  Lee' ),
			'percent'    => array( '50% Lee' ),
			'backslash'  => array( 'C:\\Ann "Quote"' ),
			'emoji'      => array( 'Ann 👩‍👩‍👧 🎉' ),
			'from right' => array( 'محمد עברית' ),
			'markup'     => array( 'Ann <b>Lee</b> &amp; Co' ),
		);
	}

	public function test_posted_keys_that_are_not_in_the_form_are_dropped(): void {
		$this->post( $this->create_form(), array( 'password' => 'secret', 'g-recaptcha-response' => 'x' ) + self::FIELDS );

		self::assertEqualsCanonicalizing( array_keys( self::FIELDS ), array_keys( $this->row()->submission['fields'] ) );
	}

	public function test_a_files_content_stays_on_the_site(): void {
		$this->post( $this->create_form( self::FORM . '[file your-file]' ), array( 'your-file' => 'hash' ) + self::FIELDS );

		self::assertArrayNotHasKey( 'your-file', $this->row()->submission['fields'] );
	}

	public function test_the_page_is_named_even_when_only_the_rest_address_is_known(): void {
		unset( $_SERVER['HTTP_REFERER'] );
		$_SERVER['REQUEST_URI'] = '/wp-json/contact-form-7/v1/contact-forms/1/feedback';
		$page = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Where the form is' ) );

		$this->post( $this->create_form(), array( '_wpcf7_container_post' => (string) $page ) + self::FIELDS, '' );

		$expected = get_permalink( $page );
		wp_delete_post( $page, true );
		self::assertSame( $expected, $this->row()->submission['form']['url'] );
	}

	public function test_what_a_browser_sends_along_in_excess_is_cut_to_what_the_gateway_takes(): void {
		$_SERVER['HTTP_REFERER']    = home_url( '/contact/?' . str_repeat( 'x', 3000 ) );
		$_SERVER['HTTP_USER_AGENT'] = str_repeat( 'x', 3000 );

		$this->post( $this->create_form(), self::FIELDS, '' );

		$submission = $this->row()->submission;
		self::assertSame( home_url( '/contact/' ), $submission['form']['url'] );
		self::assertLessThanOrEqual( 2000, strlen( $submission['visitor']['userAgent'] ) );
	}

	public function test_a_form_without_a_chosen_list_is_handed_over_and_subscribes_nobody(): void {
		$this->post( $this->create_form( self::FORM, array( 'list' => '' ) + self::SUBSCRIPTION ), self::FIELDS );

		self::assertSame( array(), $this->row()->submission['subscribe'] );
	}

	/** @dataProvider left_alone */
	public function test_some_submissions_are_left_alone(
		string $status,
		array $fields,
		string $additional_settings,
		bool $spam = false
	): void {
		$form = $this->create_form( self::FORM, self::SUBSCRIPTION, $additional_settings );
		$this->filter( 'wpcf7_spam', static fn() => $spam );

		self::assertSame( $status, $this->post( $form, $fields ) );
		self::assertSame( array(), $this->rows() );
	}

	public function left_alone(): array {
		return array(
			'demo mode'    => array( 'mail_sent', self::FIELDS, 'demo_mode: on' ),
			'do_not_store' => array( 'mail_sent', self::FIELDS, 'do_not_store: true' ),
			'spam'         => array( 'spam', self::FIELDS, '', true ),
			'invalid'      => array( 'validation_failed', array( 'your-email' => 'x' ) + self::FIELDS, '' ),
		);
	}

	public function test_spam_that_contact_form_7_finds_itself_is_left_alone(): void {
		$_SERVER['HTTP_USER_AGENT'] = 'x';

		self::assertSame( 'spam', $this->post( $this->create_form(), self::FIELDS ) );
		self::assertSame( array(), $this->rows() );
	}

	public function test_whoever_withholds_the_consent_to_storage_is_left_alone(): void {
		$form = $this->create_form( self::FORM . '[acceptance keep optional consent_for:storage] Keep it. [/acceptance]' );

		$this->post( $form, self::FIELDS );
		self::assertSame( array(), $this->rows() );

		$this->post( $form, array( 'keep' => '1' ) + self::FIELDS );
		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_a_form_that_is_not_connected_is_left_alone(): void {
		$form = $this->create_form();
		$form->set_properties( array( 'gateway_connector' => array( 'enabled' => false ) ) );
		$form->save();

		$this->post( $form, self::FIELDS );

		self::assertSame( array(), $this->rows() );
	}

	public function test_the_form_works_when_something_behind_the_spool_fails(): void {
		$this->filter(
			Spool::STORED,
			static function (): void {
				throw new RuntimeException( 'broken' );
			}
		);
		$was = ini_set( 'error_log', '/dev/null' );

		$status = $this->post( $this->create_form(), self::FIELDS );

		ini_set( 'error_log', $was );
		self::assertSame( 'mail_sent', $status );
	}

	public function test_the_form_works_when_the_spool_does_not_and_the_log_names_nobody(): void {
		$form = $this->create_form();
		$this->refuse_storage();

		$page = '';
		$said = $this->log_of(
			function () use ( $form, &$page ): void {
				$page = self::output( fn() => self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS ) ) );
			}
		);

		self::assertSame( '', $page );
		self::assertStringContainsString( sprintf( 'a submission of form %d could not be stored', $form->id() ), $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
	}
}
