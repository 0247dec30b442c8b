<?php
/**
 * What is wrong with forms, on the plugin's own pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Shows on the pages below "Gateway" which forms need a fix, so that nobody has to open each form.
 */
final class Form_Warnings {

	private Lists $lists;

	public function __construct( Lists $lists ) {
		$this->lists = $lists;
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'print' ) );
	}

	public function print(): void {
		$screen = get_current_screen();
		if ( ! $screen
			|| false === strpos( $screen->id, Settings_Page::SLUG )
			|| ! class_exists( WPCF7_ContactForm::class )
			|| ! current_user_can( Settings_Page::CAPABILITY )
		) {
			return;
		}
		foreach ( self::connected_forms() as $form ) {
			$warnings = Form_Check::warnings( $form, Form_Settings::of( $form ), $this->lists->names() );
			if ( array() !== $warnings ) {
				printf(
					'<div class="notice notice-warning"><p><strong>%s</strong> %s <a href="%s">%s</a></p></div>',
					/* translators: %s: a form's title */
					esc_html( sprintf( __( 'Form “%s”:', 'gateway-connector' ), $form->title() ) ),
					esc_html( implode( ' ', $warnings ) ),
					esc_url( self::edit_url( $form ) ),
					esc_html__( 'Fix this form', 'gateway-connector' )
				);
			}
		}
	}

	/**
	 * The tab of a form.
	 */
	public static function edit_url( WPCF7_ContactForm $form ): string {
		return admin_url( sprintf( 'admin.php?page=wpcf7&post=%d&active-tab=%s', $form->id(), Form_Panel::ID ) );
	}

	/**
	 * The forms that have ever been connected.
	 *
	 * @return WPCF7_ContactForm[]
	 */
	private static function connected_forms(): array {
		return WPCF7_ContactForm::find(
			array(
				'posts_per_page' => -1,
				'meta_key'       => '_' . Form_Settings::PROPERTY,
			)
		);
	}
}
