<?php
/**
 * The list of forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Prints the forms of all plugins for forms that we know, with what a submission does, and a link to the choices for each.
 */
final class Forms_Table {

	/**
	 * Names of the lists by id; null when they are not known.
	 *
	 * @var array<string,string>|null
	 */
	private ?array $lists;

	public function __construct( ?array $lists ) {
		$this->lists = $lists;
	}

	public function print(): void {
		$rows = array_merge( $this->contact_form_7_rows(), $this->plugin_rows() );
		printf( '<h1>%s</h1>', esc_html__( 'Forms', 'gateway-connector' ) );
		if ( array() === $rows ) {
			printf( '<p>%s</p>', esc_html( self::nothing() ) );
			return;
		}
		$columns = array(
			__( 'Form', 'gateway-connector' ),
			__( 'Plugin', 'gateway-connector' ),
			__( 'Mailing list', 'gateway-connector' ),
		);
		echo '<table class="widefat striped gateway-connector-forms gateway-connector-stacked"><thead><tr>';
		foreach ( $columns as $column ) {
			printf( '<th scope="col">%s</th>', esc_html( $column ) );
		}
		echo '</tr></thead><tbody>';
		foreach ( $rows as $row ) {
			printf(
				'<tr><th scope="row"><a href="%s">%s</a></th><td data-column="%s">%s</td><td data-column="%s"><span>%s%s</span></td></tr>',
				esc_url( $row['url'] ),
				esc_html( $row['title'] ),
				esc_attr( $columns[1] ),
				esc_html( $row['plugin'] ),
				esc_attr( $columns[2] ),
				esc_html( $row['does'] ),
				$row['warnings'] ? ' <strong>' . esc_html__( 'Needs a fix', 'gateway-connector' ) . '</strong>' : ''
			);
		}
		echo '</tbody></table>';
	}

	/**
	 * What to do where no form is found.
	 */
	private static function nothing(): string {
		return __(
			'No form was found. Forms of Contact Form 7, WPForms, Gravity Forms, Fluent Forms, Ninja Forms and Elementor Pro appear here.',
			'gateway-connector'
		);
	}

	private function contact_form_7_rows(): array {
		$rows  = array();
		$forms = class_exists( WPCF7_ContactForm::class ) ? WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) ) : array();
		foreach ( $forms as $form ) {
			$settings = Form_Settings::of( $form );
			$rows[]   = array(
				'title'    => (string) $form->title(),
				'plugin'   => 'Contact Form 7',
				'url'      => Form_Warnings::edit_url( $form ),
				'does'     => $this->does( $settings ),
				'warnings' => array() !== Form_Check::warnings( $form, $settings, $this->lists ),
			);
		}
		return $rows;
	}

	private function plugin_rows(): array {
		$rows = array();
		foreach ( Form_Plugins::active() as $plugin ) {
			foreach ( $plugin->forms() as $form ) {
				$settings = Plugin_Form_Settings::of( $form );
				$rows[]   = array(
					'title'    => '' === $form->title ? $form->key() : $form->title,
					'plugin'   => $plugin->name(),
					'url'      => Forms_Page::url( $form->key() ),
					'does'     => $this->does( $settings ),
					'warnings' => array() !== Plugin_Form_Check::warnings( $form, $settings, $this->lists ),
				);
			}
		}
		return $rows;
	}

	/**
	 * The lists that people join by a form, or why they join none.
	 */
	private function does( Form_Settings $settings ): string {
		$situations = array(
			'off'           => __( 'Not connected', 'gateway-connector' ),
			'transactional' => __( 'None: submissions are only sent', 'gateway-connector' ),
			'incomplete'    => __( 'Not chosen yet', 'gateway-connector' ),
		);
		$names      = array_map(
			fn( Subscription $one ): string => $this->lists[ $one->list ] ?? $one->list,
			array_values( $settings->complete() )
		);
		return $situations[ Form_Summary::situation( $settings ) ] ?? implode( ', ', $names );
	}
}
