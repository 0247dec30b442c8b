<?php
/**
 * What the owner chooses about the data.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Data_Settings;
use Gateway_Connector\Notices;
use RuntimeException;

final class Data_Settings_Test extends Plugin_Test_Case {

	public function test_the_choices_are_saved_and_shown(): void {
		self::assertStringNotContainsString( 'checked', $this->form() );

		$this->save( array( 'retention' => '7', 'remove_all' => '1' ) );

		self::assertSame( array( 7 * DAY_IN_SECONDS, true ), array( $this->settings->retention(), $this->settings->removes_all() ) );
		self::assertMatchesRegularExpression( '~value="7".*checked~s', $this->form() );
		$this->save( array( 'retention' => '7' ) );
		self::assertFalse( $this->settings->removes_all() );
	}

	/** @dataProvider numbers */
	public function test_days_stay_within_bounds( string $given, int $days ): void {
		$this->save( array( 'retention' => $given ) );

		self::assertSame( $days * DAY_IN_SECONDS, $this->settings->retention() );
	}

	public function numbers(): array {
		return array( array( '0', 1 ), array( 'x', 1 ), array( '99999', 3650 ) );
	}

	public function test_only_administrators_choose(): void {
		wp_set_current_user( 0 );

		$this->expectExceptionMessage( 'wp_die' );
		$this->save( array( 'retention' => '7' ) );
	}

	public function test_a_form_made_for_something_else_chooses_nothing(): void {
		$this->expectExceptionMessage( 'wp_die' );
		$this->save( array( 'retention' => '7' ), 'something else' );
	}

	private function form(): string {
		return self::output( array( $this->data(), 'print' ) );
	}

	private function save( array $post, string $nonce = Data_Settings::ACTION ): void {
		$_POST    = $post;
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $nonce ) );
		$this->end_requests_by_exceptions();
		try {
			$this->data()->save();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
	}

	private function data(): Data_Settings {
		return new Data_Settings( $this->settings, new Notices( $this->settings ) );
	}
}
