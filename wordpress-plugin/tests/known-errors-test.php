<?php
/**
 * What the best-known plugins get wrong, and this one does not: a test for each error.
 *
 * Two errors concern the gateway, because links and confirmations are its own. They are shown with the real gateway in
 * tests/wordpress/journey.test.js, in the steps "a HEAD request confirms nothing, a link cannot be replayed, and no name or
 * address stands in it" and "somebody who is on the list and writes again stays on it".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Connection;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Settings;
use WP_Error;
use WPCF7_ContactForm;

final class Known_Errors_Test extends Plugin_Test_Case {

	private const FIELDS = array(
		'your-name'    => 'Ann',
		'your-email'   => 'ann@example.org',
		'your-city'    => 'Lyon',
		'newsletter-1' => '1',
	);

	public function test_not_ours_submitting_unsubscribes_an_existing_subscriber_or_anybody_else(): void {
		$form = $this->create_form();

		$this->post( $form, self::FIELDS );
		$this->post( $form, array( 'newsletter-1' => '' ) + self::FIELDS );
		$this->gateway->then_items( 202 );
		$this->send();

		self::assertCount( 1, $this->gateway->requests );
		self::assertStringEndsWith( '/submissions/batch', $this->gateway->requests[0]['url'] );
		self::assertStringNotContainsStringIgnoringCase( 'unsub', $this->gateway->requests[0]['body'] );
		foreach ( json_decode( $this->gateway->requests[0]['body'], true )['items'] as $item ) {
			self::assertArrayHasKey( 'given', $item['subscribe'][0]['consent'], 'a submission can ask for a confirmation, or for nothing' );
		}
	}

	public function test_not_ours_the_site_itself_answers_confirmation_links(): void {
		$before = $this->rows();

		foreach ( array( 'GET', 'HEAD' ) as $method ) {
			$_SERVER['REQUEST_METHOD'] = $method;
			$_GET                      = array(
				'cf7list' => '10234567',
				'email' => 'ann@example.org',
				'prop' => 'Ann',
				'token' => sha1( 'x' ),
			);
			do_action( 'template_redirect' );
		}
		$_GET = array();

		self::assertSame( $before, $this->rows() );
		self::assertSame( array(), $this->gateway->requests );
	}

	/** @dataProvider names */
	public function test_not_ours_some_names_never_confirm( string $name ): void {
		$this->post( $this->create_form(), array( 'your-name' => $name ) + self::FIELDS );
		$this->gateway->then_items( 202 );
		$this->send();

		$item = json_decode( $this->gateway->requests[0]['body'], true )['items'][0];
		self::assertSame( $name, $item['fields']['your-name'] );
		self::assertSame( 'your-name', $item['subscribe'][0]['name'] );
		self::assertSame( 'delivered', $this->row()->state );
	}

	public function names(): array {
		return array( array( "Ann O'Brien" ), array( 'Ann  Lee' ), array( '50% Lee' ) );
	}

	/** @dataProvider errors */
	public function test_not_ours_a_providers_error_is_ignored_and_nothing_retries( $status ): void {
		$this->post( $this->create_form(), self::FIELDS );
		$this->gateway->then( $status );
		$this->send();
		self::assertSame( 'waiting', $this->row()->state );
		self::assertNotSame( '', $this->row()->last_error );

		$this->settings->hold( 0 );
		$this->make_due();
		$this->gateway->then_items( 202 );
		$this->send();

		self::assertSame( 'delivered', $this->row()->state );
	}

	public function errors(): array {
		return array(
			'an error'  => array( 500 ),
			'no answer' => array( new WP_Error( 'http_request_failed', 'cURL error 28: Operation timed out' ) ),
		);
	}

	public function test_not_ours_the_opt_in_is_lost_when_the_sites_own_mail_fails(): void {
		$this->filter( 'pre_wp_mail', '__return_false', 1, 99 );

		self::assertSame( 'mail_failed', $this->post( $this->create_form(), self::FIELDS ) );

		self::assertTrue( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	public function test_not_ours_secrets_travel_over_plain_http_when_wordpress_thinks_it_is_not_on_tls(): void {
		$_SERVER['HTTPS'] = 'off';
		self::assertFalse( is_ssl() );
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertStringStartsWith( 'https://', $this->gateway->requests[0]['url'] );
		self::assertStringNotContainsString(
			'MfKQ9r8',
			(string) wp_json_encode( $this->gateway->requests[0] ),
			'only a signature travels'
		);
		self::assertInstanceOf( WP_Error::class, Connection::from_key( Fake_Gateway::key( 'http://gw.example' ) ) );
		unset( $_SERVER['HTTPS'] );
	}

	public function test_not_ours_one_list_and_one_mapping_for_all_forms(): void {
		$this->post( $this->create_form(), self::FIELDS );
		$other = array( 'list' => 'lst_2', 'email' => 'mail', 'consent' => 'agree' );
		$this->post(
			$this->create_form( '[email* mail][acceptance agree optional]I agree.[/acceptance]', $other ),
			array( 'mail' => 'max@example.org', 'agree' => '1' )
		);

		$subscriptions = array_map( static fn( $row ) => $row->submission['subscribe'][0], $this->rows() );
		self::assertSame(
			array( array( 'lst_1', 'your-email' ), array( 'lst_2', 'mail' ) ),
			array_map( static fn( $subscription ) => array( $subscription['list'], $subscription['email'] ), $subscriptions )
		);
	}

	public function test_not_ours_nothing_is_stored_no_proof_no_status_no_resend(): void {
		$this->post( $this->create_form(), self::FIELDS );
		$consent = $this->row()->submission['subscribe'][0]['consent'];
		self::assertSame( array( true, 'Yes, send me the newsletter.' ), array( $consent['given'], $consent['text'] ) );

		$this->gateway->then_items( 422, array( 'detail' => 'There is no such list.' ) );
		$this->send();
		self::assertSame( array( 'rejected', 'There is no such list.' ), array( $this->row()->state, $this->row()->last_error ) );

		self::assertSame( 1, $this->records->resend_all( 'rejected' ) );
		$this->gateway->then_items( 202 );
		$this->send();
		self::assertSame( 'delivered', $this->row()->state );
	}

	/** @group processes */
	public function test_not_ours_opening_the_settings_while_contact_form_7_is_inactive_deletes_them(): void {
		$form   = $this->create_form();
		$before = array( get_option( Settings::KEY ), get_post_meta( $form->id(), '_' . Form_Settings::PROPERTY, true ) );

		// Whether a plugin is loaded cannot be taken back, so this is for another process.
		$code    = '$wp_filter["option_active_plugins"][9]["none"] = array( "accepted_args" => 1, "function" => static fn() => array() );'
			. sprintf( 'require "%s/load-wordpress.php"; wp_set_current_user( 1 ); do_action( "admin_menu" );', __DIR__ )
			. 'do_action( "toplevel_page_gateway-connector" ); do_action( "gateway_page_gateway-connector-spool" );';
		$process = proc_open( array( PHP_BINARY, '-r', $code ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$page    = stream_get_contents( $pipes[1] );
		self::assertSame( 0, proc_close( $process ) );
		self::assertStringContainsString( 'Contact Form 7 is not active.', $page );

		wp_cache_flush();
		self::assertSame(
			$before,
			array( get_option( Settings::KEY ), get_post_meta( $form->id(), '_' . Form_Settings::PROPERTY, true ) )
		);
		self::assertTrue( Form_Settings::of( WPCF7_ContactForm::get_instance( $form->id() ) )->enabled );
	}

	public function test_not_ours_the_visitors_request_calls_a_remote_server_and_hangs_with_it(): void {
		self::assertSame( 'mail_sent', $this->post( $this->create_form(), self::FIELDS ) );

		self::assertSame( array(), $this->gateway->requests, 'whatever the gateway does, nobody asks it' );
	}

	public function test_not_ours_a_call_that_is_said_not_to_block_is_made_all_the_same(): void {
		$calls = 0;
		$this->filter(
			'http_request_args',
			static function ( array $args ) use ( &$calls ): array {
				++$calls;
				return $args;
			}
		);

		$this->post( $this->create_form(), self::FIELDS );

		self::assertSame( 0, $calls );
		self::assertSame( 'waiting', $this->row()->state, 'a scheduled event sends it' );
	}

	/** @group processes */
	public function test_not_ours_two_requests_at_once_lose_one(): void {
		$code      = sprintf( 'require "%s/load-wordpress.php"; echo "ready\n"; fgets( STDIN );', __DIR__ )
			. 'for ( $i = 0; $i < 25; $i++ ) {'
			. ' gateway_connector_submit( array( "fields" => array( "n" => "{$argv[1]}-{$i}" ) ) ) || exit( 1 ); }';
		$processes = array();
		foreach ( array( 'a', 'b', 'c', 'd' ) as $name ) {
			$process     = proc_open(
				array( PHP_BINARY, '-r', $code, $name ),
				array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), STDERR ),
				$pipes
			);
			$processes[] = array( $process, $pipes );
			self::assertSame( "ready\n", fgets( $pipes[1] ) );
		}
		foreach ( $processes as list( , $pipes ) ) {
			fwrite( $pipes[0], "go\n" ); // All begin together.
		}
		foreach ( $processes as list( $process, $pipes ) ) {
			stream_get_contents( $pipes[1] );
			self::assertSame( 0, proc_close( $process ) );
		}

		$names = array_map( static fn( $row ) => $row->submission['fields']['n'], $this->rows() );
		self::assertCount( 100, array_unique( $names ) );
	}

	public function test_not_ours_the_oldest_are_dropped_when_many_wait(): void {
		foreach ( range( 1, 600 ) as $number ) {
			self::assertTrue( $this->spool->add( 4, array( 'fields' => array( 'n' => (string) $number ) ) ) );
		}
		$this->age( 40 * DAY_IN_SECONDS );
		$this->gateway->then( 503 );
		$this->send();

		self::assertCount( 600, $this->rows() );
		self::assertSame( '1', $this->rows()[0]->submission['fields']['n'] );
	}

	public function test_not_ours_the_first_failure_stops_the_rest(): void {
		foreach ( range( 1, 3 ) as $ignored ) {
			$this->spool_submission();
		}
		$this->gateway->then(
			200,
			static function ( array $request ): array {
				$keys = array_column( $request['items'], 'key' );
				return array(
					'results' => array(
						array( 'key' => $keys[0], 'status' => 422, 'problem' => array( 'detail' => 'No.' ) ),
						array( 'key' => $keys[1], 'status' => 202, 'id' => 'sub_2' ),
						array( 'key' => $keys[2], 'status' => 202, 'id' => 'sub_3' ),
					),
				);
			}
		);

		$this->send();

		self::assertSame( array( 'rejected', 'delivered', 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_not_ours_a_servers_500_shows_the_visitor_an_error(): void {
		$this->gateway->then( 500 );

		self::assertSame( 'mail_sent', $this->post( $this->create_form(), self::FIELDS ) );
		$this->send();
		self::assertSame( 'mail_sent', $this->post( $this->create_form(), self::FIELDS ) );
	}

	public function test_not_ours_uploads_are_copied_to_a_public_folder(): void {
		$uploads = wp_upload_dir();
		$before  = glob( $uploads['path'] . '/*' );

		$this->post( $this->create_form( self::FORM . '[file your-file]' ), array( 'your-file' => 'hash-of-the-content' ) + self::FIELDS );

		self::assertSame( $before, glob( $uploads['path'] . '/*' ) );
		self::assertStringNotContainsString( 'your-file', $this->row()->payload );
	}
}
