<?php
/**
 * Nothing is lost when the table cannot be had.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Health;
use Gateway_Connector\Health_Notice;
use Gateway_Connector\Privacy;
use Gateway_Connector\Site_Health;
use Gateway_Connector\Spool_Schema;

final class Storage_Test extends Plugin_Test_Case {

	private const FIELDS = array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'newsletter-1' => '1' );

	protected function tearDown(): void {
		parent::tearDown();
		( new \Gateway_Connector\Installation( $this->spool ) )->create_table();
		$this->spool->reserve()->remove();
	}

	public function test_a_table_that_is_gone_is_made_again_and_takes_the_submission(): void {
		$form = $this->create_form();
		$this->drop_table();

		self::assertSame( '', self::output( fn() => self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS ) ) ) );

		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
	}

	public function test_a_table_without_a_column_is_completed_and_takes_the_submission(): void {
		global $wpdb;
		$form = $this->create_form();
		$this->spool_submission();
		$wpdb->query( $wpdb->prepare( 'ALTER TABLE %i DROP COLUMN gateway_id', $this->spool->table() ) );
		$wpdb->query( $wpdb->prepare( 'ALTER TABLE %i DROP COLUMN last_error', $this->spool->table() ) );

		$this->post( $form, self::FIELDS );

		self::assertCount( 2, $this->rows(), 'and keeps what it had' );
		$this->gateway->then_items( 202 );
		$this->send();
		self::assertSame( array( 'delivered', 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_a_change_of_a_user_survives_too(): void {
		$this->drop_table();

		self::assertTrue( $this->spool->add_user( 1 ) );

		self::assertSame( '1', (string) $this->row()->user_id );
	}

	public function test_the_owner_hears_that_a_table_was_lost_until_somebody_has_read_it(): void {
		$this->drop_table();
		$this->spool_submission();

		$notice = self::output( array( new Health_Notice( $this->health() ), 'print' ) );

		self::assertStringContainsString( 'was missing and was created again', $notice );
		self::assertSame( 'critical', ( new Site_Health( $this->health() ) )->test()['status'] );

		$this->end_requests_by_exceptions();
		$_REQUEST['_wpnonce'] = wp_create_nonce( 'gateway_connector_loss_seen' );
		try {
			( new Health_Notice( $this->health() ) )->forget_loss();
		} catch ( \RuntimeException $end ) {
			self::assertSame( 'redirected', $end->getMessage() );
		}
		self::assertFalse( get_option( Spool_Schema::LOST ) );
	}

	public function test_an_owner_who_looks_before_any_visitor_comes_finds_the_table_repaired(): void {
		$this->drop_table();

		self::assertArrayHasKey( 'lost', $this->health()->urgent() );

		self::assertSame( array(), $this->rows() );
	}

	public function test_what_the_table_cannot_take_is_kept_as_an_option_and_goes_out_later(): void {
		$form = $this->create_form();
		$this->refuse_table();

		$answer = $this->answer( $form, self::FIELDS );
		$this->answer( $form, array( 'your-name' => 'Max' ) + self::FIELDS );

		self::assertStringStartsWith( $form->message( 'mail_sent_ok' ), $answer['message'] );
		self::assertSame( 2, $this->spool->reserve()->count() );
		self::assertStringContainsString( 'kept elsewhere', $this->health()->urgent()['storage'] );
		$this->heal_and_expect( array( 'Ann', 'Max' ) );
	}

	public function test_what_the_options_cannot_take_either_is_kept_as_a_file_that_tells_nobody_anything(): void {
		$folder = sys_get_temp_dir() . '/' . uniqid( 'reserve', true );
		$this->filter( 'gateway_connector_reserve_folder', static fn() => $folder );
		$form = $this->create_form();
		$this->refuse_table();
		$this->refuse_options();

		$this->post( $form, self::FIELDS );

		$files = (array) glob( $folder . '/kept-*.php' );
		self::assertCount( 1, $files );
		self::assertStringStartsWith( '<?php exit; ?>', (string) file_get_contents( $files[0] ), 'whoever opens it sees nothing' );
		self::assertSame( '600', decoct( fileperms( $files[0] ) & 0777 ) );
		$this->heal_and_expect( array( 'Ann' ) );
		self::assertSame( array(), glob( $folder . '/kept-*.php' ) );
		array_map( 'unlink', (array) glob( $folder . '/*' ) );
		rmdir( $folder );
	}

	public function test_a_row_that_is_in_both_places_goes_out_once(): void {
		global $wpdb;
		$this->spool_submission();
		$row = $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM %i', $this->spool->table() ), ARRAY_A );
		unset( $row['id'] );
		$this->spool->reserve()->keep( $row );

		$this->heal_and_expect( array( 'Ann' ) );
	}

	public function test_what_cannot_be_read_does_not_stop_the_rest(): void {
		$this->spool_submission();
		add_option( 'gateway_connector_kept_broken', 'no json', '', false );

		$this->heal_and_expect( array( 'Ann' ) );
	}

	public function test_erasing_somebody_reaches_what_is_kept_elsewhere(): void {
		$form = $this->create_form();
		$this->refuse_table();
		$this->post( $form, self::FIELDS );
		$this->post( $form, array( 'your-email' => 'max@example.org' ) + self::FIELDS );

		$this->log_of( fn() => ( new Privacy( $this->settings, $this->records ) )->erase( 'ann@example.org', 1 ) );

		self::assertSame( 1, $this->spool->reserve()->count() );
	}

	private function health(): Health {
		return new Health( $this->settings, $this->records );
	}

	private function drop_table(): void {
		global $wpdb;
		$wpdb->query( $wpdb->prepare( 'DROP TABLE %i', $this->spool->table() ) );
	}

	/**
	 * The database works again.
	 *
	 * @param string[] $names Who was kept, in order.
	 */
	private function heal_and_expect( array $names ): void {
		remove_all_filters( 'query' );
		$this->gateway->then_items( 202 );
		$this->send();

		self::assertSame( 0, $this->spool->reserve()->count() );
		self::assertSame( $names, array_map( static fn( $row ) => $row->submission['fields']['your-name'], $this->rows() ) );
		self::assertSame( array( 'delivered' ), array_unique( array_column( $this->rows(), 'state' ) ) );
	}
}
