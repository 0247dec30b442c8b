<?php
/**
 * Elementor’s forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Forms of Elementor Pro. They are widgets inside of pages, templates and popups; the action elementor_pro/forms/new_record comes when the
 * record is valid.
 */
final class Elementor_Forms_Plugin implements Form_Plugin {

	/**
	 * Where Elementor keeps what a page is made of, as JSON.
	 */
	private const META = '_elementor_data';

	/**
	 * What holds nothing that a visitor enters, or must stay on the site.
	 */
	private const LEFT_OUT = array( 'html', 'step', 'honeypot', 'recaptcha', 'recaptcha_v3', 'password' );

	private const KINDS = array(
		'email'    => Plugin_Field::EMAIL,
		'textarea' => Plugin_Field::MESSAGE,
		'upload'   => Plugin_Field::FILE,
	);

	public function id(): string {
		return 'elementor';
	}

	public function name(): string {
		return 'Elementor';
	}

	public function is_active(): bool {
		return defined( 'ELEMENTOR_PRO_VERSION' );
	}

	public function forms(): array {
		$posts = get_posts(
			array(
				'post_type'    => array_values( get_post_types() ), // Templates and popups too, which "any" leaves out.
				'post_status'  => array( 'publish', 'private' ),
				'numberposts'  => -1,
				'orderby'      => 'ID',
				'order'        => 'ASC',
				'meta_key'     => self::META,
				'meta_value'   => '"widgetType":"form"',
				'meta_compare' => 'LIKE',
			)
		);
		$forms = array();
		foreach ( $posts as $post ) {
			$elements = json_decode( (string) get_post_meta( $post->ID, self::META, true ), true );
			foreach ( self::widgets( (array) $elements ) as $widget ) {
				$settings = array( 'id' => (string) $widget['id'] ) + (array) ( $widget['settings'] ?? array() );
				$form     = $this->form( $settings, admin_url( "post.php?post={$post->ID}&action=elementor" ) );

				$forms[ $form->id ] = $form;
			}
		}
		return array_values( $forms );
	}

	public function listen( callable $take ): void {
		add_action(
			'elementor_pro/forms/new_record',
			function ( $record ) use ( $take ): void {
				$form = $this->form( (array) $record->get( 'form_settings' ), '' );
				$page = (array) ( $record->get( 'meta' )['page_url'] ?? array() );
				$sent = array_map( static fn( $field ) => $field['raw_value'] ?? $field['value'] ?? '', (array) $record->get( 'fields' ) );
				$take( new Plugin_Submission( $form, $sent, (string) ( $page['value'] ?? '' ) ) );
			}
		);
	}

	private function form( array $settings, string $edit_url ): Plugin_Form {
		$fields = array();
		foreach ( (array) ( $settings['form_fields'] ?? array() ) as $field ) {
			$type = (string) ( $field['field_type'] ?? 'text' ); // Elementor leaves out what has its default value.
			if ( ! in_array( $type, self::LEFT_OUT, true ) ) {
				$fields[] = self::field( $type, (array) $field );
			}
		}
		$id    = (string) ( $settings['id'] ?? '' );
		$title = (string) ( $settings['form_name'] ?? '' );
		return new Plugin_Form( $this->id(), $id, $title, $fields, $edit_url );
	}

	/**
	 * The field. A box is a field for acceptance, or checkboxes of which there is one: "words" or "words|value".
	 */
	private static function field( string $type, array $field ): Plugin_Field {
		$field  += array(
			'custom_id'          => (string) ( $field['_id'] ?? '' ),
			'field_label'        => '',
			'field_options'      => '',
			'acceptance_text'    => '',
			'checked_by_default' => '',
		);
		$id      = (string) $field['custom_id'];
		$label   = (string) $field['field_label'];
		$choices = array_filter( array_map( 'trim', explode( "\n", (string) $field['field_options'] ) ), 'strlen' );
		if ( 'acceptance' === $type ) {
			return Plugin_Field::box( $id, $label, (string) $field['acceptance_text'], 'yes' === $field['checked_by_default'] );
		}
		if ( 'checkbox' === $type && 1 === count( $choices ) ) {
			return Plugin_Field::box( $id, $label, (string) strtok( (string) reset( $choices ), '|' ) );
		}
		$label = '' === $label ? (string) ( $field['placeholder'] ?? $id ) : $label;
		return new Plugin_Field( $id, $label, self::KINDS[ $type ] ?? Plugin_Field::TEXT );
	}

	/**
	 * The form widgets among elements and what they contain.
	 *
	 * @return array[]
	 */
	private static function widgets( array $elements ): array {
		$widgets = array();
		foreach ( $elements as $element ) {
			if ( 'form' === ( $element['widgetType'] ?? '' ) ) {
				$widgets[] = (array) $element;
			}
			$widgets = array_merge( $widgets, self::widgets( (array) ( $element['elements'] ?? array() ) ) );
		}
		return $widgets;
	}
}
