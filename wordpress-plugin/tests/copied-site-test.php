<?php
/**
 * A copy of a site sends nothing of the original.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Copied_Site;
use Gateway_Connector\Health;
use Gateway_Connector\Notices;
use Gateway_Connector\Site_Address;
use RuntimeException;

final class Copied_Site_Test extends Plugin_Test_Case {

	public function test_a_copy_sends_nothing_and_asks(): void {
		$this->spool_submission();
		$this->copy_to( 'https://staging.shop.example' );

		$this->send();
		$this->delivery()->run();

		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( 'waiting', $this->row()->state );
		$notice = self::output( array( $this->page(), 'print' ) );
		foreach ( array( 'This site has moved', 'This is a copy', '127.0.0.1', 'staging.shop.example' ) as $words ) {
			self::assertStringContainsString( $words, $notice );
		}
		self::assertArrayHasKey( 'copied', ( new Health( $this->settings, $this->records ) )->urgent() );
	}

	public function test_a_search_for_the_old_address_in_the_database_does_not_find_the_binding(): void {
		self::assertStringNotContainsString(
			(string) wp_parse_url( home_url(), PHP_URL_HOST ),
			(string) get_option( Site_Address::OPTION )
		);
		self::assertNotSame( '', Site_Address::bound() );
	}

	/** @dataProvider same */
	public function test_the_same_site_goes_on_sending( string $before, string $after ): void {
		$this->copy_to( $before );
		Site_Address::bind();
		$this->spool_submission();
		$this->copy_to( $after );
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( 'delivered', $this->row()->state );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ) );
	}

	public function same(): array {
		return array(
			'as it was'        => array( 'https://shop.example', 'https://shop.example' ),
			'encryption'       => array( 'http://shop.example', 'https://shop.example' ),
			'www'              => array( 'https://shop.example', 'https://www.shop.example' ),
			'a slash, capital' => array( 'https://shop.example/fr', 'https://Shop.example/fr/' ),
		);
	}

	/** @dataProvider others */
	public function test_another_site_does_not( string $before, string $after ): void {
		$this->copy_to( $before );
		Site_Address::bind();
		$this->spool_submission();
		$this->copy_to( $after );

		$this->send();

		self::assertSame( array(), $this->gateway->requests );
	}

	public function others(): array {
		return array(
			'a subdomain' => array( 'https://shop.example', 'https://staging.shop.example' ),
			'a folder'    => array( 'https://shop.example', 'https://shop.example/staging' ),
			'a port'      => array( 'https://shop.example', 'https://shop.example:8443' ),
			'a machine'   => array( 'https://shop.example', 'http://localhost' ),
		);
	}

	public function test_a_site_that_has_moved_sends_what_waited(): void {
		$this->spool_submission();
		$this->copy_to( 'https://new.example' );

		$this->press( 'moved' );
		$this->gateway->then_items( 202 );
		$this->send();

		self::assertSame( 'delivered', $this->row()->state );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ) );
	}

	public function test_a_copy_is_disconnected_and_keeps_nothing_that_it_could_send(): void {
		$this->spool_submission();
		$this->reject_submission();
		$this->copy_to( 'https://staging.shop.example' );

		$this->press( 'copy' );

		self::assertSame( array(), $this->rows() );
		self::assertNull( $this->settings->connection() );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ) );

		$this->settings->save_key( Fake_Gateway::key( 'https://test-gateway.example' ) );
		$this->spool_submission();
		$this->gateway->then_items( 202 );
		$this->send();
		self::assertSame( 'delivered', $this->row()->state, 'a copy may have a gateway of its own' );
	}

	public function test_a_site_that_is_no_copy_cannot_be_emptied_by_the_button(): void {
		$this->spool_submission();

		$this->press( 'copy' );

		self::assertSame( 'waiting', $this->row()->state );
		self::assertNotNull( $this->settings->connection() );
	}

	public function test_nobody_but_who_manages_the_site_may_answer(): void {
		$this->copy_to( 'https://staging.shop.example' );
		wp_set_current_user( 0 );

		self::assertSame( '', self::output( array( $this->page(), 'print' ) ) );
		self::assertSame( 'wp_die', $this->press( 'moved' ) );
		self::assertTrue( Site_Address::is_another() );
	}

	public function test_a_connection_from_before_belongs_to_the_site_that_first_sends(): void {
		Site_Address::forget();
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( Site_Address::current(), Site_Address::bound() );
	}

	private function copy_to( string $url ): void {
		$this->filter( 'pre_option_home', static fn() => $url, 1, 100 + $this->priority++ );
	}

	private int $priority = 0;

	private function page(): Copied_Site {
		set_current_screen( 'dashboard' );
		return new Copied_Site( $this->settings, $this->spool, $this->records, new Notices( $this->settings ) );
	}

	private function press( string $answer ): string {
		$this->end_requests_by_exceptions();
		$_POST                = array( 'answer' => $answer );
		$_REQUEST['_wpnonce'] = wp_create_nonce( Copied_Site::ACTION );
		try {
			$this->page()->answer();
		} catch ( RuntimeException $end ) {
			return $end->getMessage();
		}
		return '';
	}
}
